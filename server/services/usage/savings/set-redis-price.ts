import { updateRedisPrice } from '@/db/postgres/queries/savings'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { SetRedisPrice } from './savings.schema'

export async function setRedisPrice(caller: Caller, { usdPerGibMonth }: SetRedisPrice): Promise<SetRedisPrice> {
  return change(caller, 'usage.set-redis-price', async (tx) => {
    const before = await updateRedisPrice(tx, { usdPerGibMonth, changedBy: caller.actor.name })
    const audit = { target: 'redis', before: { usdPerGibMonth: before }, after: { usdPerGibMonth } }
    return { result: { usdPerGibMonth }, audit }
  })
}
