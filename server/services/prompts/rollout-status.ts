import { type GuardRow, selectNewestGuard } from '@/db/postgres/queries/guarded-rollouts'
import type { Stores } from '@/server/services/context'
import { weightsOf } from './buckets'
import type { GuardedRollout, RolloutStatus, RolloutVerdict } from './guarded-rollout.schema'
import { readPointer } from './pointer'
import type { PromptOnChannel } from './prompts.schema'

/** What a channel serves by weight, and the guard that watches or watched it last. @throws AppError `not_found`. */
export async function rolloutStatus(stores: Pick<Stores, 'db'>, at: PromptOnChannel): Promise<RolloutStatus> {
  const { promptId, live } = await readPointer(stores, at)
  const guard = await selectNewestGuard(stores.db, { promptId, channel: at.channel })
  return {
    name: at.name,
    channel: at.channel,
    version: live?.version ?? null,
    revision: live?.revision ?? null,
    arms: live?.rollout ? weightsOf(live.rollout) : null,
    guard: guard && guardOf(guard),
  }
}

function guardOf({ id, version, baseVersion, state, steps, step, ...row }: GuardRow): GuardedRollout {
  const { observeSeconds, minRequests, limits, revision, startedBy, endedReason } = row
  return {
    ...{ id, version, baseVersion, state, steps, step },
    stepStartedAt: row.stepStartedAt.toISOString(),
    ...{ observeSeconds, minRequests, limits },
    verdict: row.verdict as RolloutVerdict | null,
    revision,
    startedBy,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    endedReason,
  }
}
