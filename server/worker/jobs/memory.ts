import { deleteActivity } from '@/db/postgres/queries/vectors-activity'
import { forgetKeptSearches } from '@/db/postgres/queries/vectors-kept-searches'
import { deleteRecalls } from '@/db/postgres/queries/vectors-recall'
import { deleteStraySamples, samplePartitions } from '@/db/postgres/queries/vectors-samples'
import type { Stores } from '@/server/services/context'
import * as partitions from '@/server/services/vectors/keep-partitions'
import * as idle from '@/server/services/vectors/sleep/sleep-idle'
import * as recall from '@/server/services/vectors/watch-recall'

const SAMPLED_PER_RUN = 500
const DAY_MS = 24 * 3_600_000
const ACTIVITY_KEPT_DAYS = 35
const RECALLS_KEPT_DAYS = 400
const SEARCHES_KEPT_DAYS = 30
const ROWS_PER_RUN = 20_000

/** A partition for every registered tenant. */
export const keepPartitions = (stores: Stores) => partitions.keepPartitions(stores)

/** What Redis did not hear of is told to it (R4). */
export const searchVoider = (stores: Stores) => partitions.searchVoider(stores)

/** Keeps what the catalogs say of partitions that are in use, or were not looked at for long. */
export async function samplePartitionsDue({ db }: Pick<Stores, 'db'>): Promise<number> {
  await deleteStraySamples(db)
  return samplePartitions(db, { limit: SAMPLED_PER_RUN })
}

/** Recall where it is due, within its share of the database's time. */
export const watchRecall = (stores: Stores) => recall.watchRecall(stores)

/** Gives indexes up that nobody uses, where operators want that. */
export const sleepIdle = (stores: Stores) => idle.sleepIdle(stores)

/** Forgets old counts, kept searches and measurements, in bounded runs. */
export async function pruneMemory({ db }: Stores, now = Date.now()): Promise<number> {
  const limit = ROWS_PER_RUN
  const counts = await deleteActivity(db, { before: new Date(now - ACTIVITY_KEPT_DAYS * DAY_MS), limit })
  const searches = await forgetKeptSearches(db, new Date(now - SEARCHES_KEPT_DAYS * DAY_MS))
  return counts + searches + (await deleteRecalls(db, { before: new Date(now - RECALLS_KEPT_DAYS * DAY_MS), limit }))
}
