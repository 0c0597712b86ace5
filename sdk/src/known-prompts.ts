import type { Served } from './served.js'

/** A request that is under way. `vouched`: it began while every invalidation was known to arrive. */
export type Flight = { began: number; generation: number; vouched: boolean; served: Promise<Served> }

/** A prompt that this process has asked for, on one channel. Instants are those of performance.now(). */
export type Known = {
  readonly name: string
  readonly channel: string
  /** Served without a request while the stream vouches for it. */
  copy: Served | null
  /** Served, and called stale, when the gateway cannot answer. */
  lastGood: Served | null
  /** Until when `lastGood` is known to have been what is active. */
  goodUntil: number
  /** Counts what invalidated it: a reply asked for before is not kept. */
  generation: number
  flight: Flight | null
  /** When the newest request whose reply was taken began. */
  takenFrom: number
  /** Why the gateway did not answer, and when it is asked again; null while it does. */
  failure: { reason: Error; askAgainAt: number } | null
  staleTold: boolean
}

/** An application has a few dozen; beyond this the one that was asked for first is forgotten. */
const MOST_KNOWN = 1_000

export function knownPrompts() {
  const channels = new Map<string, Map<string, Known>>()
  let size = 0

  const find = (channel: string, name: string) => channels.get(channel)?.get(name)
  const forget = ({ channel, name }: Known) => {
    if (channels.get(channel)?.delete(name)) size--
  }
  const all = () => [...channels.values()].flatMap((names) => [...names.values()])

  const add = (channel: string, name: string): Known => {
    const [first] = size >= MOST_KNOWN ? all() : []
    if (first) forget(first)
    const known: Known = {
      name,
      channel,
      copy: null,
      lastGood: null,
      goodUntil: -Infinity,
      generation: 0,
      flight: null,
      takenFrom: -Infinity,
      failure: null,
      staleTold: false,
    }
    const names = channels.get(channel) ?? new Map<string, Known>()
    channels.set(channel, names.set(name, known))
    size++
    return known
  }
  return { find, add, forget, all, has: (known: Known) => find(known.channel, known.name) === known }
}

export type KnownPrompts = ReturnType<typeof knownPrompts>

/** Its copy may no longer be what is active; it was so until the instant given. */
export function invalidate(known: Known, goodUntil: number): void {
  known.generation++
  if (known.copy) known.goodUntil = Math.max(known.goodUntil, goodUntil)
  known.copy = null
}
