import type { Invalidations } from '@/db/redis/invalidations'
import type { LookupCounter } from '@/server/services/cache/lookup-counter'
import type { Stores } from '@/server/services/context'
import { promptFromPostgres, promptFromRedis } from './load-prompt'
import { promptCopies } from './prompt-copies'
import type { PromptOnChannel } from './prompts.schema'
import type { Served, ServedChannel, ServedPrompt } from './served-channel'
import { sharedLoads } from './shared-loads'

export type PromptSource = 'copy' | 'redis' | 'postgres'

/**
 * The read path of applications: the process's own copy, then one Redis GET, then Postgres with a fenced fill. Without
 * `invalidations` there are no copies, and every read sees what was acknowledged before it began (R4).
 */
export function promptReader(
  stores: Stores,
  invalidations: Pick<Invalidations, 'live' | 'listen'> | null,
  lookups?: Pick<LookupCounter, 'note'>,
) {
  const copies = invalidations && promptCopies(invalidations)
  const share = sharedLoads<ServedChannel>()
  const reads: Record<PromptSource, number> = { copy: 0, redis: 0, postgres: 0 }

  const load = async (key: PromptOnChannel): Promise<ServedChannel> => {
    const before = copies?.beforeRead() ?? null
    const cached = await promptFromRedis(stores, key, lookups)
    const served = cached ?? (await share(`${key.channel} ${key.name}`, () => promptFromPostgres(stores, key)))
    reads[cached ? 'redis' : 'postgres']++
    copies?.keep(key, served, before)
    return served
  }
  /** Undefined where the process has no copy. */
  const copyOf = (key: PromptOnChannel) => {
    const copy = copies?.get(key)
    if (copy) reads.copy++
    return copy
  }

  return {
    /**
     * What a subject gets; at once where the process has a copy. Without a subject the base version of a rollout.
     * @throws AppError `not_found` that says what is missing.
     */
    read(key: PromptOnChannel, subject?: string): ServedPrompt | Promise<ServedPrompt> {
      return copyOf(key)?.to(subject) ?? load(key).then((served) => served.to(subject))
    },
    /**
     * The base version and every arm of the rollout, for those who keep copies of their own. Never from our copy: another
     * gateway's stream vouches for theirs, and would not repeat what we have not heard yet (R4).
     */
    readWhole: (key: PromptOnChannel): Promise<Served> => load(key).then((served) => served.whole()),
    /** How many reads each source answered since the start, for /metrics. */
    reads: reads as Readonly<typeof reads>,
    copies: () => copies?.size() ?? 0,
    close: () => copies?.close(),
  }
}

export type PromptReader = ReturnType<typeof promptReader>
