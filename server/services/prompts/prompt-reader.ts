import type { Invalidations } from '@/db/redis/invalidations'
import type { Stores } from '@/server/services/context'
import { promptFromPostgres, promptFromRedis, type ServedPrompt } from './load-prompt'
import { promptCopies } from './prompt-copies'
import type { PromptOnChannel } from './prompts.schema'
import { sharedLoads } from './shared-loads'

export type PromptSource = 'copy' | 'redis' | 'postgres'

/**
 * The read path of applications: the process's own copy, then one Redis GET, then Postgres with a fenced fill. Without
 * `invalidations` there are no copies, and every read sees what was acknowledged before it began (R4).
 */
export function promptReader(stores: Stores, invalidations: Pick<Invalidations, 'live' | 'listen'> | null) {
  const copies = invalidations && promptCopies(invalidations)
  const share = sharedLoads<ServedPrompt>()
  const reads: Record<PromptSource, number> = { copy: 0, redis: 0, postgres: 0 }

  const load = async (key: PromptOnChannel): Promise<ServedPrompt> => {
    const before = copies?.beforeRead() ?? null
    const cached = await promptFromRedis(stores, key)
    const prompt = cached ?? (await share(`${key.channel} ${key.name}`, () => promptFromPostgres(stores, key)))
    reads[cached ? 'redis' : 'postgres']++
    copies?.keep(key, prompt, before)
    return prompt
  }

  return {
    /** At once where the process has a copy. @throws AppError `not_found` that says what is missing. */
    read(key: PromptOnChannel): ServedPrompt | Promise<ServedPrompt> {
      const copy = copies?.get(key)
      if (!copy) return load(key)
      reads.copy++
      return copy
    },
    /** How many reads each source answered since the start, for /metrics. */
    reads: reads as Readonly<typeof reads>,
    copies: () => copies?.size() ?? 0,
    close: () => copies?.close(),
  }
}

export type PromptReader = ReturnType<typeof promptReader>
