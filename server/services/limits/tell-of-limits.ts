import { publishInvalidation } from '@/db/redis/invalidations'
import type { Stores } from '@/server/services/context'

/** Lets every gateway read the policies again. Those that do not hear of it do so within two seconds. */
export async function tellOfLimits({ redis }: Pick<Stores, 'redis'>): Promise<void> {
  if (redis.healthy()) await publishInvalidation(redis, { family: 'limits' }).catch(() => {})
}
