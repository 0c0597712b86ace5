import { selectPendingOf } from '@/db/postgres/queries/approvals'
import { selectLiveOf } from '@/db/postgres/queries/prompt-pages'
import { usageByPromptName } from '@/db/postgres/queries/prompt-usage'
import type { Stores } from '@/server/services/context'
import { windowOf } from '@/server/services/scope.schema'
import { weightsOf } from './buckets'
import type { ListPrompts } from './prompt-pages.schema'
import { searchPrompts } from './search-prompts'

/** As many as a page can show; the total says how many there are. */
const LISTED = 200

/** Prompts with what they serve and what they cost in the scope: by name, or those that were searched for, best first. */
export async function listPrompts({ db }: Pick<Stores, 'db'>, { search, scope }: ListPrompts) {
  const window = windowOf(scope)
  const [{ rows, total }, usage] = await Promise.all([
    searchPrompts(db, { search: search.trim(), limit: LISTED }),
    usageByPromptName(db, { ...window, tenant: scope.tenant ?? undefined }),
  ])
  const promptIds = rows.map(({ id }) => id)
  const [live, waiting] = await Promise.all([selectLiveOf(db, { promptIds }), selectPendingOf(db, { promptIds })])
  const used = new Map(usage.map((row) => [row.name, row]))
  return {
    total,
    from: window.from.toISOString(),
    asOf: window.to.toISOString(),
    prompts: rows.map(({ id, name, description, versions, newestAt, match }) => {
      const channels = live
        .filter(({ promptId }) => promptId === id)
        .map(({ channel, version, rollout, at, by, kind }) => ({
          ...{ channel, version, by, kind },
          arms: rollout && weightsOf(rollout),
          at: at.toISOString(),
        }))
      const { requests, costUsd, unpriced } = used.get(name) ?? { requests: 0, costUsd: '0', unpriced: 0 }
      return {
        name,
        description,
        versions,
        newestAt: newestAt?.toISOString() ?? null,
        /** Where the search found it in a content; null where in its name or description. */
        match,
        channels,
        /** Channels on which a change waits for a second person. */
        waiting: waiting
          .filter(({ promptId }) => promptId === id)
          .map(({ channel, version }) => ({ channel, version })),
        requests,
        costUsd,
        unpriced,
      }
    }),
  }
}
export type PromptList = Awaited<ReturnType<typeof listPrompts>>
export type ListedPrompt = PromptList['prompts'][number]
