import { updateRetention } from '@/db/postgres/queries/usage-retention'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { announceUsageMonths } from './announce-usage-months'
import type { SetRetention } from './retention.schema'

/** What lies beyond is announced at once, and goes no sooner than its notice; what is kept again is called off. */
export async function setRetention(caller: Caller, { keepMonths }: SetRetention): Promise<SetRetention> {
  return change(caller, 'usage.set-retention', async (tx) => {
    const before = await updateRetention(tx, { keepMonths, changedBy: caller.actor.name })
    await announceUsageMonths(tx)
    return { result: { keepMonths }, audit: { target: 'usage', before: { keepMonths: before }, after: { keepMonths } } }
  })
}
