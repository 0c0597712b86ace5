import { selectActivations, selectPrompt } from '@/db/postgres/queries/prompts'
import type { Stores } from '@/server/services/context'
import { weightsOf } from './buckets'
import type { ActivationRecord, PromptHistory } from './prompts.schema'
import { unknownPrompt } from './unknown'

/** Every move of a channel's pointer, newest first. @throws AppError `not_found`. */
export async function promptHistory({ db }: Pick<Stores, 'db'>, { name, channel, limit }: PromptHistory) {
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  const rows = await selectActivations(db, { promptId: prompt.id, channel, limit })
  const activations: ActivationRecord[] = rows.map(({ rollout, at, ...row }) => ({
    version: row.version,
    previousVersion: row.previousVersion,
    revision: row.revision,
    kind: row.kind,
    arms: rollout ? weightsOf(rollout) : undefined,
    by: row.by,
    reason: row.reason,
    at: at.toISOString(),
  }))
  return { activations }
}
