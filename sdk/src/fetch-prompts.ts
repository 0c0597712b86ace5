import { isUnavailable } from './errors.js'
import { type Connection, errorOf, send } from './http.js'
import type { Flight, Known, KnownPrompts } from './known-prompts.js'
import { readServed, type Served } from './served.js'
import type { Vouching } from './vouching.js'

/** What a request that nothing vouches for may be shared by: as old as a copy may be. */
const SHARED_MS = 200
const ASK_AGAIN_MS = 1_000

type Options = { connection: Connection; prompts: KnownPrompts; vouch: Vouching }

/**
 * Asks the gateway for a prompt, once for all who ask meanwhile: but a call begun after an invalidation never joins a
 * request begun before it (R4). @throws EngramError
 */
export function promptFetcher({ connection, prompts, vouch }: Options) {
  const joinable = (known: Known, { began, generation, vouched }: Flight) =>
    generation === known.generation && ((vouched && vouch.live()) || performance.now() - began < SHARED_MS)

  return (known: Known): Promise<Served> => {
    if (known.flight && joinable(known, known.flight)) return known.flight.served
    const began = performance.now()
    const served = ask(connection, known)
    const flight: Flight = { began, generation: known.generation, vouched: vouch.live(), served }
    known.flight = flight
    const land = () => {
      if (known.flight === flight) known.flight = null
    }
    served.then(
      (reply) => (land(), take(known, flight, reply)),
      (error: Error) => (land(), fail(prompts, known, flight, error)),
    )
    return served
  }
}

async function ask(connection: Connection, { name, channel }: Known): Promise<Served> {
  const query = new URLSearchParams({ channel, include: 'rollout' })
  const reply = await send(connection, { method: 'GET', path: `/v1/prompts/${encodeURIComponent(name)}?${query}` })
  if (reply.status !== 200) throw errorOf(connection, reply)
  return readServed(reply.body)
}

function take(known: Known, { began, generation, vouched }: Flight, served: Served) {
  if (began < known.takenFrom) return
  known.takenFrom = began
  known.lastGood = served
  known.goodUntil = began
  known.failure = null
  known.staleTold = false
  if (vouched && generation === known.generation) known.copy = served
}

function fail(prompts: KnownPrompts, known: Known, { began }: Flight, reason: Error) {
  if (began < known.takenFrom) return
  known.failure = isUnavailable(reason) ? { reason, askAgainAt: performance.now() + ASK_AGAIN_MS } : null
  if (isUnavailable(reason)) return
  // The gateway's own word: what it refuses is not served from an old copy either. A 404 once served for ever is the
  // way in which a prompt that was taken away lives on.
  known.copy = null
  known.lastGood = null
  prompts.forget(known)
}
