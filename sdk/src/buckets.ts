import { createHash } from 'node:crypto'

const BUCKETS = 10_000

/** Half-open ranges of the buckets 0 to 9,999. */
export type Ranges = readonly (readonly [from: number, to: number])[]

/** Where a subject stands in a rollout; the gateway computes the same (docs/rollout-buckets.json has examples). */
export function bucketOf(salt: string, subject: string): number {
  return createHash('sha256').update(`${salt}\n${subject}`, 'utf8').digest().readUInt32BE(0) % BUCKETS
}

export const holds = (ranges: Ranges, bucket: number) => ranges.some(([from, to]) => bucket >= from && bucket < to)
