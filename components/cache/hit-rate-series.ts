import type { Series } from '@/components/charts/chart'
import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { pointsOf } from '@/components/overview/points'
import type { CacheReport } from '@/server/services/cache/cache-report'

/** Redis' own line, the answer cache's, and its parts: whoever pulls the others down is seen. */
export function hitRateSeries({ axis, redis, answers, namespace, tenant }: CacheReport): Series[] {
  const filtered = namespace !== null || tenant !== null
  const own: Series = {
    key: 'info',
    label: 'Redis, every key',
    points: pointsOf(axis, redis.series.hitRate),
    // What was filtered for comes first; the whole instance is then only compared with.
    memory: filtered ? undefined : 'redis',
  }
  const exact: Series = {
    key: 'answers',
    label: `answer cache${filtered ? `: ${[namespace, tenant].filter(Boolean).join(' / ')}` : ', all namespaces'}`,
    points: pointsOf(axis, answers.series.all),
    memory: 'redis',
    dashed: !filtered,
  }
  const parts = answers.series.parts.map(({ key, hitRate }): Series => ({
    key: `part ${key}`,
    label: key,
    points: pointsOf(axis, hitRate),
    memory: 'redis',
  }))
  return [own, exact, ...parts]
}

/** Why the two lines differ: what Redis counts and the answer cache does not. */
export function differenceText({ redis, answers, namespace, tenant }: CacheReport): string {
  const { hits, misses } = redis.during
  const exact = answers.during.hits + answers.during.misses
  if (hits === null || misses === null)
    return 'Redis’ own counts are missing in this range; the answer cache is counted by the gateways.'
  if (namespace !== null || tenant !== null)
    return 'Redis’ line is the whole instance: INFO knows neither tenants nor namespaces.'
  const all = hits + misses
  if (all === 0) return 'Redis counted no look-ups in this range.'
  if (exact > all)
    return `The gateways counted ${count(exact)} answer look-ups, Redis ${count(all)} in all: its samples do not cover the whole range.`
  return `${count(exact)} of Redis’ ${count(all)} look-ups (${percentText(exact / all)}) were the answer cache’s; the others are below, by family.`
}
