import { hostname } from 'node:os'
import { basename } from 'node:path'
import { EngramError } from './errors.js'
import type { Connection } from './http.js'
import type { UsageLimits } from './usage-queue.js'

export type EngramOptions = {
  /** Of the gateway, as `http://localhost:4000`. */
  url: string
  /** A key with the scope app. */
  key: string
  /** What operators call this process; the program and its host where absent. */
  name?: string
  /** The channel that prompts are read from unless a call says otherwise: `production` where absent. */
  channel?: string
  /** How long one request may take, in milliseconds: 2,000 where absent. */
  deadlineMs?: number
  /** False: no stream. Every read of a prompt then is a request; for programs that live for a moment. */
  push?: boolean
  /** Batches of 500 or after 1,000 ms, with at most 10,000 events waiting, where absent. */
  usage?: Partial<UsageLimits>
  /** Instead of the global fetch. The stream does not go through it. */
  fetch?: typeof globalThis.fetch
}

export type Settings = { connection: Connection; name: string; channel: string; push: boolean; usage: UsageLimits }

const MOST_NAME = 100

/** @throws EngramError `bad_request` that names the option that is wrong. */
export function readOptions(options: EngramOptions): Settings {
  const { url, key, name, channel = 'production', deadlineMs = 2_000, push = true, usage = {} } = options
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) throw bad('key', 'must be a key of the gateway')
  const limits = { batch: 500, everyMs: 1_000, queue: 10_000, ...usage }
  for (const [field, value] of Object.entries({ deadlineMs, ...limits }))
    if (!Number.isInteger(value) || value < 1) throw bad(field, 'must be a positive integer')
  if (name !== undefined && (name.trim() === '' || name.length > MOST_NAME || /\p{Cc}/u.test(name)))
    throw bad('name', `must be a text of 1 to ${MOST_NAME} characters on one line`)
  if (limits.batch > 1_000) throw bad('batch', 'must be 1,000 at most')
  return {
    connection: { url: readUrl(url), key, fetch: options.fetch ?? globalThis.fetch, deadlineMs },
    name: (name ?? `${basename(process.argv[1] ?? 'node')} on ${hostname()}`).slice(0, MOST_NAME),
    channel,
    push,
    usage: limits,
  }
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw bad('url', 'must be the http(s) address of the gateway')
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

const bad = (field: string, message: string) => new EngramError('bad_request', `${field}: ${message}`, { field })
