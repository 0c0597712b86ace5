import { insertToldDay } from '@/db/postgres/queries/questions'
import type { Stores } from '@/server/services/context'
import { localDay } from '@/server/services/usage/time-buckets'
import { noteEvent } from '@/server/services/webhooks/note-event'
import { summariesOfDays } from './summaries-of-days'

/** Stragglers come in the first minutes after a day. */
const SETTLED_MS = 10 * 60_000
const ZONE = 'UTC'

/**
 * Tells webhooks of the day (UTC) that ended last: its figures as `summariesOfDays` shows them, once, however many workers
 * look. False when that day was told, is not settled yet, or had no calls.
 */
export async function tellOfDay({ db }: Pick<Stores, 'db'>, now = new Date()): Promise<boolean> {
  const settled = new Date(now.getTime() - SETTLED_MS)
  const { days } = await summariesOfDays({ db }, { tenant: null, timezone: ZONE }, settled, 2)
  const ended = days.find(({ whole }) => whole)
  if (!ended || ended.requests === 0) return false
  return db.transaction(async (tx) => {
    if (!(await insertToldDay(tx, localDay(new Date(ended.from), ZONE)))) return false
    const { whole: _, ...data } = ended
    await noteEvent(tx, { type: 'usage.day_ended', at: now, data: { ...data, timezone: ZONE } })
    return true
  })
}
