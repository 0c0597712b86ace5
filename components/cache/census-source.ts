import type { Source } from '@/components/feedback/source-note'
import { count, countText } from '@/components/format/count'
import { agoText } from '@/components/format/duration'
import { percentText } from '@/components/format/percent'
import type { Keyspace } from '@/server/services/cache/census/keyspace-report'

export type Census = NonNullable<Keyspace['census']>

/** "sampled 12 % of 1.2 M keys, 40 s ago"; "all 5,012 keys, 40 s ago" where every key was measured. */
export function coverageText({ keys, measured, finishedAt }: Census, asOf: string): string {
  const ago = agoText(Date.parse(asOf) - Date.parse(finishedAt))
  if (measured >= keys) return `all ${countText(keys)} keys, ${ago}`
  return `sampled ${percentText(keys > 0 ? measured / keys : 0)} of ${countText(keys)} keys, ${ago}`
}

/** R12: how far a census saw, and what is extrapolated. */
export function censusSource({ keys, examined, measured, finishedAt }: Census, what: string): Source {
  const names = examined >= keys ? 'every name was read' : `${count(examined)} of ${count(keys)} names were read`
  return {
    stores: ['redis'],
    from: 'SCAN, TYPE, PTTL, MEMORY USAGE SAMPLES 5, OBJECT → redis_censuses',
    asOf: finishedAt,
    precision: measured >= keys ? 'exact' : 'sampled',
    detail: `${what} ${names}, ${count(measured)} keys were measured, and figures stand for all of them. The memory of large collections is Redis’ own estimate from five elements. One logical database; all tenants.`,
  }
}

export const noCensus = {
  title: 'No census of the keys yet',
  hint: 'The worker walks over the keys a little at a time, about once a minute, and counts them by family here.',
  command: 'npm run start:worker',
}
