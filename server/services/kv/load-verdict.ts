import type { KvDuel } from '@/db/postgres/queries/kv-duels'

/** A table that carries so many times the peak leaves room for growth and for what else Postgres does. */
export const ENOUGH_TIMES = 3

type Load = { reads: number; writes: number; deletes: number; peakPerSecond: number }

/** Whether Postgres alone would carry a namespace, from its real load and the newest duel that came to its end. */
export type LoadVerdict =
  | { kind: 'no_load' }
  | { kind: 'no_duel'; peakPerSecond: number }
  | { kind: 'postgres' | 'tight' | 'redis'; peakPerSecond: number; times: number; against: KvDuel['against'] }

export function loadVerdict({ peakPerSecond }: Load, duel: Pick<KvDuel, 'against' | 'sides'> | null): LoadVerdict {
  if (peakPerSecond === 0) return { kind: 'no_load' }
  const table = duel?.sides.find(({ store }) => store !== 'redis')
  if (!duel || !table) return { kind: 'no_duel', peakPerSecond }
  const times = table.perSecond / peakPerSecond
  const kind = times >= ENOUGH_TIMES ? 'postgres' : times >= 1 ? 'tight' : 'redis'
  return { kind, peakPerSecond, times, against: duel.against }
}
