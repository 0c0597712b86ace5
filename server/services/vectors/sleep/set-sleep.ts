import { updateMemorySettings } from '@/db/postgres/queries/vectors-sleep'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { SetSleep } from './sleep.schema'

/** After how many days without use an index is given up; the worker begins within a minute. Null is never. */
export async function setSleep(caller: Caller, { afterDays }: SetSleep): Promise<SetSleep> {
  return change(caller, 'vectors.set-sleep', async (tx) => {
    const { sleepAfterDays } = await updateMemorySettings(tx, {
      sleepAfterDays: afterDays,
      changedBy: caller.actor.name,
    })
    const audit = { target: 'memory', before: { sleepAfterDays }, after: { sleepAfterDays: afterDays } }
    return { result: { afterDays }, audit }
  })
}
