import { selectFlag } from '@/db/postgres/queries/flags'
import { captureFlagFence, fillFlag, readCachedFlag } from '@/db/redis/flags'
import type { Invalidations } from '@/db/redis/invalidations'
import type { LookupCounter } from '@/server/services/cache/lookup-counter'
import type { Stores } from '@/server/services/context'
import { sharedLoads } from '@/server/services/prompts/shared-loads'
import { pushedCopies } from '@/server/services/pushed-copies'
import { isSettled, redisInTime } from '@/server/services/redis-in-time'
import type { FlagDefinition } from './evaluate-flag'
import { noSuchFlag } from './no-such-flag'

const LOOKUP_MS = 60
const FENCE_MS = 40

type Counter = Pick<LookupCounter, 'note'>
type Copy = { flag: FlagDefinition; characters: number }

/**
 * The read path of flags, which is that of prompts: the process's own copy, then one Redis GET, then Postgres with a fenced
 * fill (R4). Without `invalidations` there are no copies. @throws AppError `not_found`
 */
export function flagReader(
  stores: Stores,
  invalidations: Pick<Invalidations, 'live' | 'listen'> | null,
  lookups?: Counter,
) {
  const share = sharedLoads<Copy>()
  const copies =
    invalidations &&
    pushedCopies<Copy>(invalidations, (message) => {
      if (message.family === 'tenants') return 'all'
      return message.family === 'flags' ? { key: message.name } : null
    })

  const load = async (name: string): Promise<FlagDefinition> => {
    const before = copies?.beforeRead() ?? null
    const copy = (await fromRedis(stores, name, lookups)) ?? (await share(name, () => fromPostgres(stores, name)))
    copies?.keep(name, copy, before)
    return copy.flag
  }
  return {
    read: (name: string): FlagDefinition | Promise<FlagDefinition> => copies?.get(name)?.flag ?? load(name),
    close: () => copies?.close(),
  }
}
export type FlagReader = ReturnType<typeof flagReader>

async function fromRedis({ redis }: Pick<Stores, 'redis'>, name: string, lookups?: Counter): Promise<Copy | null> {
  if (!isSettled(redis)) return null
  const entry = await redisInTime(LOOKUP_MS, redis, async () => {
    const found = await readCachedFlag(redis, name)
    lookups?.note('flags', found !== null)
    return found
  })
  if (entry === null) return null
  try {
    return { flag: JSON.parse(entry) as FlagDefinition, characters: entry.length }
  } catch {
    // None of ours: the next fill replaces it.
    return null
  }
}

async function fromPostgres({ db, redis }: Stores, name: string): Promise<Copy> {
  const token = await redisInTime(FENCE_MS, redis, () => captureFlagFence(redis, name))
  const row = await selectFlag(db, name)
  if (!row) throw noSuchFlag(name)
  const { enabled, share, users, groups, salt, revision, overrides } = row
  const flag: FlagDefinition = { name, revision, salt, enabled, share, users, groups, overrides }
  const value = JSON.stringify(flag)
  // Nobody waits for the fill, and one that fails only leaves a miss to the next read.
  if (token !== null) fillFlag(redis, name, { token, value }).catch(() => false)
  return { flag, characters: value.length }
}
