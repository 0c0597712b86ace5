import type { Lane, Point } from '@/components/charts/chart'
import type { Overview } from '@/server/services/overview/overview'
import { newestOf, pointsOf } from './points'

/** The lanes of both memories; evictions take the place of operations where there were any. */
export function lanesOf({ axis, redis, answers, postgres }: Overview, lengthMinutes: number): Lane[] {
  const { series, before, during } = redis
  const usage = postgres.series
  const hitRates = answers?.series ?? series.hitRate
  const perMinute = (amount: number) => amount / lengthMinutes
  const points = (values: (number | null)[]): Point[] => pointsOf(axis, values)
  const evicting = during.evicted !== null && during.evicted > 0
  return [
    {
      key: 'hit-rate',
      label: 'Hit rate',
      unit: answers ? '% of answer look-ups' : '% of look-ups',
      memory: 'redis',
      kind: 'line',
      format: 'percent',
      points: points(hitRates),
      now: newestOf(hitRates),
      was: answers ? answers.hitRateBefore : before.hitRate,
    },
    {
      key: 'misses',
      label: 'Misses',
      unit: 'per second',
      memory: 'redis',
      kind: 'area',
      format: 'count',
      points: points(series.missesPerSecond),
      now: newestOf(series.missesPerSecond),
      was: before.missesPerSecond,
    },
    evicting
      ? {
          key: 'evictions',
          label: 'Evictions',
          unit: 'keys per second',
          memory: 'redis',
          kind: 'area',
          format: 'count',
          points: points(series.evictedPerSecond),
          now: newestOf(series.evictedPerSecond),
        }
      : {
          key: 'operations',
          label: 'Operations',
          unit: 'per second',
          memory: 'redis',
          kind: 'area',
          format: 'count',
          points: points(series.commandsPerSecond),
          now: newestOf(series.commandsPerSecond),
          was: before.commandsPerSecond,
        },
    {
      key: 'requests',
      label: 'Requests',
      unit: 'per minute',
      memory: 'postgres',
      kind: 'area',
      format: 'count',
      points: points(usage.requestsPerMinute),
      now: newestOf(usage.requestsPerMinute),
      was: perMinute(postgres.before.requests),
    },
    {
      key: 'cost',
      label: 'Cost',
      unit: '$ per minute',
      memory: 'postgres',
      kind: 'area',
      format: 'money',
      points: points(usage.costPerMinute),
      now: newestOf(usage.costPerMinute),
      was: perMinute(Number(postgres.before.costUsd)),
    },
    {
      key: 'latency',
      label: 'Latency p95',
      unit: 'of model calls',
      memory: 'postgres',
      kind: 'line',
      format: 'ms',
      points: points(usage.latencyMsP95),
      now: newestOf(usage.latencyMsP95),
      was: postgres.before.latencyMsP95,
    },
  ]
}
