import { createHash } from 'node:crypto'
import type { Rollout, RolloutArm } from '@/db/postgres/schema/prompts'
import { type ArmWeight, hundredths } from './prompts.schema'

export const BUCKETS = 10_000

/**
 * The bucket of a subject, 0 to 9,999: the first four bytes, big endian, of SHA-256 over `salt`, a line feed and
 * `subject` in UTF-8, modulo 10,000. The SDK computes the same; docs/rollout-buckets.json holds both to it.
 */
export function bucketOf(salt: string, subject: string): number {
  return createHash('sha256').update(`${salt}\n${subject}`).digest().readUInt32BE(0) % BUCKETS
}

/** The arm that a subject gets, as long as the arms hold its bucket. */
export function armOf<Arm extends Pick<RolloutArm, 'buckets'>>(
  { salt, arms }: { salt: Rollout['salt']; arms: readonly Arm[] },
  subject: string,
): Arm | undefined {
  const bucket = bucketOf(salt, subject)
  return arms.find(({ buckets }) => buckets.some(([from, to]) => from <= bucket && bucket < to))
}

/** All buckets in one arm: what a version that is live in full holds when a rollout begins. */
export const inFull = (version: number): RolloutArm[] => [{ version, weight: 100, buckets: [[0, BUCKETS]] }]

/** What people are shown of a rollout: its arms without their buckets. */
export const weightsOf = ({ arms }: Pick<Rollout, 'arms'>): ArmWeight[] =>
  arms.map(({ version, weight }) => ({ version, weight }))

/**
 * The arms for new weights, `base` first. As few buckets move as can: what arms lose goes to arms that grow, nothing else.
 * The base gives from its end and takes at it, so that narrowing gives back the subjects that came last.
 */
export function assignBuckets(arms: readonly RolloutArm[], weights: readonly ArmWeight[], base: number): RolloutArm[] {
  const wanted = new Map(weights.map(({ version, weight }) => [version, hundredths(weight)]))
  const held = new Map(arms.map(({ version, buckets }) => [version, buckets.flatMap(numbersIn)]))
  const freed: number[] = []
  for (const [version, buckets] of held) {
    const kept = Math.min(buckets.length, wanted.get(version) ?? 0)
    freed.push(...(version === base ? buckets.splice(kept) : buckets.splice(0, buckets.length - kept)))
  }
  freed.sort((a, b) => a - b)
  return [...weights]
    .sort((a, b) => Number(b.version === base) - Number(a.version === base))
    .map(({ version, weight }) => {
      const mine = held.get(version) ?? []
      const taken = freed.splice(0, hundredths(weight) - mine.length)
      return { version, weight, buckets: rangesOf([...mine, ...taken]) }
    })
}

const numbersIn = ([from, to]: [number, number]) => Array.from({ length: to - from }, (_, index) => from + index)

function rangesOf(buckets: number[]): RolloutArm['buckets'] {
  const ranges: RolloutArm['buckets'] = []
  for (const bucket of buckets.sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last?.[1] === bucket) last[1] = bucket + 1
    else ranges.push([bucket, bucket + 1])
  }
  return ranges
}
