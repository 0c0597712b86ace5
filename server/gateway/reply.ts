import type { OutgoingHttpHeaders } from 'node:http'
import type { Events } from './event-stream'

/** An answer that is more than 200 and a JSON value. `body` is what goes over the wire; null sends none. */
export class Reply {
  constructor(
    readonly status: number,
    readonly contentType: string,
    readonly body: string | Uint8Array | null,
    readonly headers: OutgoingHttpHeaders | undefined,
  ) {}
}

/** An answer that stays open, as server-sent events. `begin` gets what writes to it, and answers what to do at its end. */
export class EventStream {
  readonly status = 200
  constructor(readonly begin: (events: Events) => () => void) {}
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** `value` as JSON; undefined sends no body (204, 304). */
export function reply(status: number, value?: unknown, headers?: OutgoingHttpHeaders): Reply {
  return new Reply(status, JSON_TYPE, value === undefined ? null : JSON.stringify(value), headers)
}

/** What is already as the wire shall carry it, such as JSON kept serialised. */
export function raw(
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers?: OutgoingHttpHeaders,
): Reply {
  return new Reply(status, contentType, body, headers)
}
