import { backoffMs, pause } from './backoff.js'
import { type Connection, errorOf, send } from './http.js'
import { isUnavailable } from './errors.js'
import type { Moved } from './link.js'

const AT_ONCE = 200
const RETRY = { firstMs: 100, mostMs: 5_000 }

/** Tells the gateway which revisions this process serves at least: together, the newest of each prompt, until it heard. */
export function confirmations(connection: Connection, process: string) {
  const waiting = new Map<string, Moved>()
  let sending = false
  let closed = false

  const sendAll = async () => {
    for (let attempt = 0; waiting.size > 0 && !closed;) {
      await new Promise(setImmediate) // what else arrived with this event goes along
      const prompts = [...waiting.values()].slice(0, AT_ONCE)
      if (await confirm(prompts)) {
        attempt = 0
        for (const told of prompts) if (waiting.get(keyOf(told)) === told) waiting.delete(keyOf(told))
      } else await pause(backoffMs(attempt++, RETRY))
    }
    sending = false
  }

  /** True also for what the gateway refuses: to say it again would change nothing. */
  const confirm = async (prompts: Moved[]): Promise<boolean> => {
    try {
      const json = JSON.stringify({ process, prompts })
      const reply = await send(connection, { method: 'POST', path: '/v1/confirmations', json })
      return reply.status < 300 || !isUnavailable(errorOf(connection, reply))
    } catch {
      return false
    }
  }

  return {
    add(served: Moved) {
      const before = waiting.get(keyOf(served))
      if (before && before.revision >= served.revision) return
      waiting.set(keyOf(served), served)
      if (sending || closed) return
      sending = true
      void sendAll()
    },
    close: () => void (closed = true),
  }
}

const keyOf = ({ name, channel }: Moved) => `${channel} ${name}`
