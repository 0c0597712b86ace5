import type { Transaction } from '@/db/postgres/client'
import { insertGuard, lockRunningGuard, updateGuard } from '@/db/postgres/queries/guarded-rollouts'
import { AppError } from '@/server/errors'
import type { Actor } from '@/server/services/context'
import type { Guard } from './guarded-rollout.schema'

type Begun = {
  promptId: number
  channel: string
  /** The version that was live in full. */
  version: number
  revision: number
  committedAt: Date
  guard: Guard
}

/** Writes a guard down in the transaction of the move that it begins with. @throws AppError `conflict` while another runs. */
export async function beginGuard(
  tx: Transaction,
  by: Pick<Actor, 'kind' | 'id' | 'name'>,
  begun: Begun,
): Promise<void> {
  const { promptId, channel, version: baseVersion, revision, committedAt, guard } = begun
  const running = await lockRunningGuard(tx, { promptId, channel })
  if (running) {
    if (running.revision === revision - 1) throw alreadyGuarded(running)
    // Somebody moved the pointer away under it, and the worker has not looked since.
    await updateGuard(tx, running, {
      state: 'stopped',
      endedAt: committedAt,
      endedReason: 'A new rollout took its place.',
    })
  }
  await insertGuard(tx, {
    promptId,
    channel,
    baseVersion,
    revision,
    version: guard.version,
    steps: guard.steps,
    observeSeconds: guard.observeSeconds,
    minRequests: guard.minRequests,
    limits: guard.limits,
    stepStartedAt: committedAt,
    startedByKind: by.kind,
    startedById: by.id,
    startedBy: by.name,
    startedAt: committedAt,
  })
}

const alreadyGuarded = ({ version, channel }: { version: number; channel: string }) =>
  new AppError('conflict', `v${version} is being rolled out on ${channel} under guard already. Stop that first.`, {
    field: 'channel',
  })
