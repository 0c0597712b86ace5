import { bucketOf, holds, type Ranges } from './buckets.js'
import { EngramError } from './errors.js'

/** An active prompt. Frozen: all who read it share it. */
export type Prompt = {
  readonly name: string
  readonly channel: string
  readonly version: number
  /** Counts the moves of the channel's pointer. */
  readonly revision: number
  readonly content: string
  readonly model: string | null
  readonly config: Readonly<Record<string, unknown>>
  /** True when the gateway could not answer: this is the last good copy, and may no longer be what is active. */
  readonly stale: boolean
  readonly source: 'copy' | 'gateway' | 'last-good'
}

/** One version, ready for each way in which it may be served. `copy` is settled: awaiting it allocates nothing. */
type Variant = { copy: Promise<Prompt>; gateway: Prompt; lastGood: Prompt }
type Arm = { ranges: Ranges; variant: Variant }

/** What is active on a channel: what everybody gets, and who gets something else. */
export type Served = { revision: number; base: Variant; rollout: { salt: string; arms: Arm[] } | null }

type Version = { version: number; content: string; model: string | null; config: Record<string, unknown> }
type Reply = Version & {
  name: string
  channel: string
  revision: number
  rollout?: { salt: string; arms: (Version & { buckets: Ranges })[] } | null
}

/** @throws EngramError `unavailable` for a body that is no prompt. */
export function readServed(body: unknown): Served {
  if (!isReply(body)) throw new EngramError('unavailable', 'The gateway answered with something that is no prompt')
  const { name, channel, revision, rollout } = body
  const variant = (version: Version) => variantOf({ name, channel, revision }, version)
  return {
    revision,
    base: variant(body),
    rollout: rollout
      ? { salt: rollout.salt, arms: rollout.arms.map((arm) => ({ ranges: arm.buckets, variant: variant(arm) })) }
      : null,
  }
}

/** The version of a subject; without one, what everybody gets. */
export function variantFor({ base, rollout }: Served, subject: string | undefined): Variant {
  if (rollout === null || subject === undefined) return base
  const bucket = bucketOf(rollout.salt, subject)
  return rollout.arms.find(({ ranges }) => holds(ranges, bucket))?.variant ?? base
}

function isReply(body: unknown): body is Reply {
  const { name, channel, version, revision, content } = (body ?? {}) as Partial<Record<keyof Reply, unknown>>
  const texts = typeof name === 'string' && typeof channel === 'string' && typeof content === 'string'
  return texts && typeof version === 'number' && typeof revision === 'number'
}

function variantOf(common: Pick<Prompt, 'name' | 'channel' | 'revision'>, of: Version): Variant {
  const { version, content, model, config } = of
  const prompt = { ...common, version, content, model, config: deepFreeze(config) }
  return {
    copy: Promise.resolve(Object.freeze<Prompt>({ ...prompt, stale: false, source: 'copy' })),
    gateway: Object.freeze<Prompt>({ ...prompt, stale: false, source: 'gateway' }),
    lastGood: Object.freeze<Prompt>({ ...prompt, stale: true, source: 'last-good' }),
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) deepFreeze(child)
  return Object.freeze(value)
}
