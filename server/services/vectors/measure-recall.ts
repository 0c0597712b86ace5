import { patiently } from '@/db/postgres/deadline'
import { becomeTenant } from '@/db/postgres/queries/vectors-items'
import { keptSearches } from '@/db/postgres/queries/vectors-kept-searches'
import { kindsOfSearches } from '@/db/postgres/queries/vectors-kinds'
import { type Partition, selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { insertRecall, latestRecall, nearestDistances, sampleItems } from '@/db/postgres/queries/vectors-recall'
import { selectSample } from '@/db/postgres/queries/vectors-list'
import type { Space } from '@/db/postgres/queries/vectors-space'
import type { SearchWidth } from '@/db/postgres/queries/vectors-width'
import type { FilteredRecall, RecallAsked } from '@/db/postgres/schema/memory'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller, Stores } from '@/server/services/context'
import { noteEvent } from '@/server/services/webhooks/note-event'
import { probesFor } from './index-size'
import { spaceOf } from './partitions'
import { cheapestFor, type Compared, quantile, recallPoint } from './recall'
import { valueOf, widthInForce } from './search-width'
import type { MeasureRecall } from './vectors.schema'

const EF_SEARCHES = [10, 20, 40, 80, 160, 320]
/** Of the square root of how many lists there are. */
const PROBES = [0.25, 0.5, 1, 2, 4]
const PATIENCE_MS = 5 * 60_000
/** Of so many hours is the filter that searches use most. */
const FILTER_HOURS = 24
const HOUR_MS = 3_600_000
/** Fewer kept searches say less than as many items as were asked for. */
const LEAST_KEPT = 20

type Input = { tenant: string; scheduled?: boolean } & MeasureRecall

/**
 * Searches in a tenant's memory by the index, at every ef_search or number of probes, and exactly, in one transaction per
 * question, so that both see the same rows; and once more with the filter that searches use most. The questions are kept
 * searches where there are enough, else sampled items, each without itself. Kept as history. @throws AppError `not_found`; `conflict` without a usable index; `bad_request` for a width that is not of its method.
 */
export async function measureRecall(caller: Caller, { tenant, k, sample, scheduled = false, ...asked }: Input) {
  requireRole(caller.actor, 'vectors.measure-recall')
  const { partition, space } = await indexedSpace(caller, tenant)
  const now = widthInForce(partition)
  const widths = widthsOf(partition, now, asked)
  const comparison = { tenant, space, k, sample, model: partition.model }
  const measured = await patiently(PATIENCE_MS, () => compareSearches(caller, { ...comparison, widths }))
  const exact = { msP50: quantile(measured.exactMs, 0.5), msP95: quantile(measured.exactMs, 0.95) }
  const points = widths.map((width) => recallPoint(width, measured.compared.get(width) ?? []))
  const inForce = points.find((point) => valueOf(point) === valueOf(now)) ?? points[0]
  if (!inForce || measured.exactMs.length === 0)
    throw new AppError('conflict', 'There are too few items to compare searches.', { field: 'tenant' })
  const { filtered, ms } = await measureFiltered(caller, { ...comparison, widths: [now] })
  const target = partition.recallTarget
  const kept = await selectSample(caller.db, tenant)
  const cheapest = cheapestFor(points, target)
  const result = {
    ...{ k, sample: measured.exactMs.length, asked: measured.asked, exact, points, filtered, target },
    cheapestEfSearch: cheapest?.efSearch ?? null,
    cheapestProbes: cheapest?.probes ?? null,
  }
  await change(caller, 'vectors.measure-recall', async (tx) => {
    const { efSearch, probes, recall, low, high } = inForce
    const figures = { exactMsP50: exact.msP50, exactMsP95: exact.msP95, databaseMs: measured.databaseMs + ms }
    const rows = { rows: kept?.rows ?? 0, deadRows: kept?.deadRows ?? 0 }
    const { asked } = measured
    const found = { tenant, k, sample: result.sample, asked, efSearch, probes, recall, low, high, target }
    const before = await latestRecall(tx, tenant)
    const at = new Date()
    if (recall < target && (!before || before.recall >= before.target)) {
      const { cheapestEfSearch, cheapestProbes } = result
      const data = { ...found, cheapestEfSearch, cheapestProbes }
      await noteEvent(tx, { type: 'memory.recall_below_target', at, data })
    }
    const about = { ...found, points, filtered }
    await insertRecall(tx, { ...about, ...figures, ...rows, scheduled, requestedBy: caller.actor.name, at })
    const after = { k, sample: result.sample, asked, efSearch, probes, recall, filtered: filtered?.recall }
    return { result: null, audit: { target: tenant, after } }
  })
  return result
}

/** Those that were asked for, else some around what is usual, and what is in force; narrow ones first. */
function widthsOf(
  { lists }: Pick<Partition, 'lists'>,
  now: SearchWidth,
  asked: Pick<MeasureRecall, 'efSearch' | 'probes'>,
): SearchWidth[] {
  const [name, other] =
    now.efSearch === undefined ? (['probes', 'efSearch'] as const) : (['efSearch', 'probes'] as const)
  if (asked[other] && !asked[name])
    throw new AppError('bad_request', `${other}: the index of this tenant is searched by ${name}`, { field: other })
  const most = lists ?? 1
  const usual = { efSearch: EF_SEARCHES, probes: PROBES.map((times) => clamp(times * probesFor(most), most)) }
  const values = asked[name] ?? [...usual[name], valueOf(now)]
  return [...new Set(values)].sort((a, b) => a - b).map((value) => ({ [name]: value }))
}

const clamp = (value: number, most: number) => Math.min(most, Math.max(1, Math.round(value)))

/** The same at the width in force, for the kind of items that most of a day's searches ask for; null where none does. */
async function measureFiltered(
  caller: Caller,
  comparison: Comparison,
): Promise<{ filtered: FilteredRecall | null; ms: number }> {
  const since = new Date(Date.now() - FILTER_HOURS * HOUR_MS)
  const [asked] = (await kindsOfSearches(caller.db, { tenant: comparison.tenant, since })).kinds
  const [width] = comparison.widths
  if (!asked || !width) return { filtered: null, ms: 0 }
  const { kind } = asked
  const { compared, exactMs, databaseMs } = await patiently(PATIENCE_MS, () =>
    compareSearches(caller, { ...comparison, kind }),
  )
  const point = recallPoint(width, compared.get(width) ?? [])
  return { filtered: exactMs.length > 0 ? { kind, ...point } : null, ms: databaseMs }
}

async function indexedSpace(
  { db }: Pick<Stores, 'db'>,
  tenant: string,
): Promise<{ partition: Partition; space: Space }> {
  const partition = await selectPartition(db, tenant)
  if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
  const space = spaceOf(partition)
  if (!space || !partition.indexed)
    throw new AppError('conflict', 'This tenant has no index that searches can use: every answer is exact.', {
      field: 'tenant',
    })
  return { partition, space }
}

type Comparison = {
  tenant: string
  space: Space
  k: number
  sample: number
  widths: SearchWidth[]
  kind?: string
  /** By whose kept searches it is asked, where there are enough. */
  model?: string | null
}

/** By the index at each width, and exactly; with the same filter, where there is one. */
export async function compareSearches({ db }: Pick<Stores, 'db'>, comparison: Comparison) {
  const { tenant, space, k, widths, kind } = comparison
  const compared = new Map(widths.map((width) => [width, [] as Compared[]]))
  const exactMs: number[] = []
  const started = performance.now()
  const { asked, questions } = await questionsOf({ db }, comparison)
  for (const { embedding, without } of questions)
    await db.transaction(
      async (tx) => {
        const question = { tenant, space, embedding, k, without, kind }
        const ask = async (exact: boolean, width?: SearchWidth) => {
          await becomeTenant(tx, tenant, width)
          const begun = performance.now()
          const distances = await nearestDistances(tx, { ...question, exact })
          return { distances, ms: performance.now() - begun }
        }
        const truth = await ask(true)
        if (truth.distances.length === 0) return
        exactMs.push(truth.ms)
        for (const [width, list] of compared) {
          const { distances, ms } = await ask(false, width)
          list.push({ exact: truth.distances, found: distances, ms })
        }
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
  return { asked, compared, exactMs, databaseMs: performance.now() - started }
}

type Questions = { asked: RecallAsked; questions: { embedding: string; without?: string }[] }

/** What applications searched for, where enough of it is kept; else items of the memory, each of which does not find itself. */
async function questionsOf({ db }: Pick<Stores, 'db'>, comparison: Comparison): Promise<Questions> {
  const { tenant, space, sample, kind, model = null } = comparison
  const kept = model === null ? [] : await keptSearches(db, { tenant, model, kind, limit: sample })
  if (model !== null && kept.length >= Math.min(sample, LEAST_KEPT)) return { asked: 'searches', questions: kept }
  const items = await db.transaction(async (tx) => {
    await becomeTenant(tx, tenant)
    return sampleItems(tx, { tenant, column: space.column, limit: sample })
  })
  return { asked: 'items', questions: items.map(({ id, embedding }) => ({ embedding, without: id })) }
}
