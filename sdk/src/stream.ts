import { backoffMs } from './backoff.js'
import type { Tell } from './hooks.js'
import type { Connection } from './http.js'
import { type Identity, type Link, type Moved, openLink } from './link.js'

export type StreamListener = {
  /** All that was published before this instant of performance.now() has been heard. */
  proven(at: number): void
  moved(moved: Moved): void
  /** Something may have gone unheard: what was heard before vouches for nothing any more. */
  lost(): void
}

/** Two clocks drift apart: in 8 minutes at 100 ppm by 48 ms, and 200 ms of vouching leave 50 ms to R4's 250 ms. */
const RENEW_MS = 5 * 60_000
const OLDEST = 1.6
const CHECK_MS = 1_000
/** A link with more slack leaves too little of the 200 ms: the next may do better. Asked for ever more seldom. */
const POOR_MS = 50
const POOR = { firstMs: 5_000, mostMs: RENEW_MS }
const RECONNECT = { firstMs: 100, mostMs: 5_000 }
const REFUSED = { firstMs: 30_000, mostMs: 30_000 }

/** `hearsSince`: when its first beat came. It hears everything from then on. */
type Held = { link: Link; openedAt: number; hearsSince: number | null; renewAfterMs: number }
type Options = { connection: Connection; identity: Identity; tell: Tell; renewMs?: number; checkMs?: number }

/** Keeps a link to the gateway's stream, and renews it without a gap. */
export function listenToStream(options: Options, on: StreamListener) {
  const { connection, identity, tell, renewMs = RENEW_MS, checkMs = CHECK_MS } = options
  // Processes of one deployment start together; they need not renew together.
  const renewAfterMs = renewMs * (0.8 + Math.random() / 5)
  let state: 'new' | 'up' | 'down' | 'closed' = 'new'
  let attempt = 0
  let poor = 0
  let next: Held | null = null
  let reconnecting: NodeJS.Timeout | undefined

  const hold = (): Held => {
    const link = openLink(connection, identity, {
      greeted: (slackMs) => {
        poor = slackMs > POOR_MS ? poor + 1 : 0
        if (poor > 0) held.renewAfterMs = Math.min(renewAfterMs, backoffMs(poor - 1, POOR))
      },
      proven: (at) => prove(held, at),
      moved: on.moved,
      lost: on.lost,
      ended: (reason, refused) => ended(held, reason, refused),
    })
    const held: Held = { link, openedAt: performance.now(), hearsSince: null, renewAfterMs }
    return held
  }

  const prove = (held: Held, at: number) => {
    held.hearsSince ??= performance.now()
    if (held !== current) return
    if (state !== 'up') {
      state = 'up'
      attempt = 0
      tell('connected', {})
    }
    on.proven(at)
    // What was published before the next link heard everything has been heard on this one: the next may take over.
    if (next?.hearsSince != null && at >= next.hearsSince) takeOver(next)
  }

  const takeOver = (held: Held) => {
    const before = current
    current = held
    next = null
    before?.link.close()
  }

  const ended = (held: Held, reason: Error, refused: boolean) => {
    if (held === next) next = null
    if (held !== current || state === 'closed') return
    on.lost()
    if (state !== 'down') tell('disconnected', { reason })
    state = 'down'
    current = next
    next = null
    const wait = backoffMs(attempt++, refused ? REFUSED : RECONNECT)
    if (!current) reconnecting = setTimeout(() => (current = hold()), wait).unref()
  }

  const renewing = setInterval(() => {
    if (!current || state !== 'up') return
    const age = performance.now() - current.openedAt
    if (age > renewMs * OLDEST) current.link.close()
    else if (age > current.renewAfterMs) next ??= hold()
  }, checkMs).unref()
  let current: Held | null = hold()

  return {
    close() {
      state = 'closed'
      clearTimeout(reconnecting)
      clearInterval(renewing)
      for (const held of [current, next]) held?.link.close()
      on.lost()
    },
  }
}
