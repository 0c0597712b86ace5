import { usageBy } from '@/db/postgres/queries/usage'
import { latencyByTime } from '@/db/postgres/queries/usage-latency'
import type { Stores } from '@/server/services/context'
import { filterOf } from './scope-filter'
import type { UsageScope } from './usage.schema'

/** Each is asked by itself. */
const MOST_MODELS = 12

/**
 * How long the most used models of a range took: mean, median and 95th percentile in milliseconds, of calls that said so
 * and were not answered from the application's cache. Within two percent where `exact` is false.
 */
export async function latenciesOfModels({ db }: Pick<Stores, 'db'>, scope: UsageScope, now = new Date()) {
  const filter = filterOf(scope, now)
  const { groups } = await usageBy(db, filter, 'model', MOST_MODELS, 'requests')
  const models = await Promise.all(
    groups.flatMap(({ keys: [model] }) =>
      model === null
        ? []
        : [
            latencyByTime(db, { ...filter, model }, [filter.from]).then(({ exact, whole }) => {
              const { calls, mean, p50, p95 } = whole
              return { model, exact, calls, mean, p50, p95 }
            }),
          ],
    ),
  )
  return { asOf: now.toISOString(), most: MOST_MODELS, models }
}
export type ModelLatency = Awaited<ReturnType<typeof latenciesOfModels>>['models'][number]
