import { deleteEventsOfMonth, dropMonth, isSettled, selectUsageMonths } from '@/db/postgres/queries/usage-retention'
import { change } from '@/server/services/change'
import { type Stores, system } from '@/server/services/context'
import { announceUsageMonths } from '@/server/services/usage/announce-usage-months'

const EVENTS_PER_STEP = 5_000

/**
 * Drops the months of raw calls whose notice is over, and announces those that are next. The hourly figures stay. Ids of
 * events go after the month is closed, so that at no moment a repeat could be taken for a new call.
 */
export async function dropUsageMonths(stores: Stores, now = new Date()): Promise<number> {
  const { db } = stores
  await announceUsageMonths(db, now)
  const due = (await selectUsageMonths(db)).filter(({ dueAt }) => dueAt !== null && dueAt <= now.getTime())
  let dropped = 0
  for (const { month, until, droppedAt } of due) {
    if (droppedAt === null) {
      // Its last calls are being summed up: the next run will find it settled.
      if (!(await isSettled(db, { month }))) continue
      await change({ db, actor: system }, 'usage.drop-month', async (tx) => {
        const after = await dropMonth(tx, { month })
        return { result: after, audit: { target: new Date(month).toISOString().slice(0, 7), after } }
      })
      dropped++
    }
    while ((await deleteEventsOfMonth(db, { month, until, limit: EVENTS_PER_STEP })) === EVENTS_PER_STEP);
  }
  return dropped
}
