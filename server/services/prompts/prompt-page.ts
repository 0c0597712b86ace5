import { selectVersions } from '@/db/postgres/queries/prompt-pages'
import { selectActivations, selectDeployments, selectPrompt } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { weightsOf } from './buckets'
import { pageApprovals } from './page-approvals'
import type { PromptOnChannel } from './prompts.schema'
import { rollbackTarget } from './rollback-target'
import { unknownPrompt } from './unknown'

const MOST_VERSIONS = 500
const MOST_ACTIVATIONS = 200

/** Everything on a prompt's page that is not its text: versions, channels, and the history of one channel. */
export async function promptPage(stores: Pick<Stores, 'db'>, { name, channel }: PromptOnChannel) {
  const { db } = stores
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  const promptId = prompt.id
  const [versions, channels, activations, rollback] = await Promise.all([
    selectVersions(db, { promptId, limit: MOST_VERSIONS }),
    selectDeployments(db, { promptId }),
    selectActivations(db, { promptId, channel, limit: MOST_ACTIVATIONS }),
    wayBack(stores, { name, channel }),
  ])
  const approvals = await pageApprovals(stores, { promptId, channel, movedAt: activations[0]?.at })
  const arms = channels.find((deployed) => deployed.channel === channel)?.rollout?.arms
  const begun = arms && activations.find(({ revision }) => revision === (rollback?.revision ?? 0) + 1)
  return {
    name,
    description: prompt.description,
    channel,
    live: channels.find((deployed) => deployed.channel === channel)?.version ?? null,
    /** What a rollback would serve; null when there is nothing to go back to. */
    rollback: rollback?.version ?? null,
    /** When the rollout that runs began, and by whom; null without one, and after too many moves to look back over. */
    rolloutBegun: begun ? { at: begun.at.toISOString(), by: begun.by } : null,
    channels: channels.map(({ at, rollout, ...deployed }) => ({
      ...deployed,
      arms: rollout && weightsOf(rollout),
      at: at.toISOString(),
    })),
    versions: versions.map(({ at, ...version }) => ({ ...version, at: at.toISOString() })),
    activations: activations.map(({ at, appliedAt, rollout, ...activation }) => ({
      ...activation,
      arms: rollout && weightsOf(rollout),
      at: at.toISOString(),
      appliedAt: appliedAt?.toISOString() ?? null,
    })),
    approvals,
    asOf: new Date().toISOString(),
  }
}
export type PromptPage = Awaited<ReturnType<typeof promptPage>>
export type PageActivation = PromptPage['activations'][number]
export type PageVersion = PromptPage['versions'][number]

async function wayBack(stores: Pick<Stores, 'db'>, at: PromptOnChannel) {
  try {
    return (await rollbackTarget(stores, at)).to
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return null
    throw error
  }
}
