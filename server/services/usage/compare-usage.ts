import type { UsageFilter } from '@/db/postgres/queries/usage-rows'
import type { Stores } from '@/server/services/context'
import { filterOf } from './scope-filter'
import { promptOf } from './usage-key'
import { figuresOfRange } from './usage-totals'
import type { UsageComparisonInput } from './usage.schema'

const WEEK_MS = 7 * 24 * 3_600_000

/** Two sides of one question: the range against another one, or one thing against another within the range. */
export async function compareUsage({ db }: Pick<Stores, 'db'>, input: UsageComparisonInput, now = new Date()) {
  const { against, ...scope } = input
  const filter = filterOf(scope, now)
  const [was, is] = sidesOf(filter, against)
  const [before, after] = await Promise.all([figuresOfRange({ db }, was), figuresOfRange({ db }, is)])
  return {
    asOf: now.toISOString(),
    was: { from: was.from.toISOString(), to: was.to.toISOString(), figures: before },
    is: { from: is.from.toISOString(), to: is.to.toISOString(), figures: after },
  }
}
export type UsageComparison = Awaited<ReturnType<typeof compareUsage>>

function sidesOf(filter: UsageFilter, against: UsageComparisonInput['against']): [was: UsageFilter, is: UsageFilter] {
  const { from, to } = filter
  const earlier = (ms: number) => ({ ...filter, from: new Date(from.getTime() - ms), to: new Date(to.getTime() - ms) })
  switch (against.kind) {
    case 'before':
      return [earlier(to.getTime() - from.getTime()), filter]
    case 'week':
      return [earlier(WEEK_MS), filter]
    case 'range':
      return [{ ...filter, from: new Date(against.from), to: new Date(against.to) }, filter]
    case 'prompt':
      return [
        { ...filter, prompt: promptOf(against.a) },
        { ...filter, prompt: promptOf(against.b) },
      ]
    case 'model':
      return [
        { ...filter, model: against.a },
        { ...filter, model: against.b },
      ]
  }
}
