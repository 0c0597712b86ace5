import type { Transaction } from '@/db/postgres/client'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { applyActivation } from './apply-activation'
import { approvalGate } from './approval-gate'
import { type Committed, commitMove, type Move } from './commit-move'
import { movedMeanwhile } from './pointer'
import type { Activation } from './prompts.schema'

/** What commits together with a move, in its transaction; throws to prevent the move. */
export type Along = (tx: Transaction, revision: number) => Promise<void>

/**
 * Activation, rollback and rollout alike: pointer, history, audit and outbox in one transaction (R3), then Redis is told.
 * @throws AppError `conflict` when the pointer no longer stands where `from` says; ApprovalNeeded.
 */
export async function moveActivePrompt(caller: Caller, move: Move, along?: Along): Promise<Activation> {
  const committed = await change(caller, `prompts.${move.kind}`, async (tx) => {
    await approvalGate(tx, caller.actor, move)
    const result = await commitMove(tx, caller.actor, move)
    if (!result) throw movedMeanwhile(move.name, move.channel)
    await along?.(tx, result.revision)
    const { before, after } = result
    return { result, audit: { target: move.name, before, after, reason: move.reason } }
  })
  return tellOf(caller, move, committed)
}

/** The rest of a move, after its commit: Redis is told, the caller answered. */
export async function tellOf(caller: Caller, { version, from }: Move, committed: Committed): Promise<Activation> {
  const { revision, committedAt, note } = committed
  const appliedAt = await applyActivation(caller, note)
  return {
    version,
    previousVersion: from?.version ?? null,
    revision,
    committedAt: committedAt.toISOString(),
    appliedAt: appliedAt?.toISOString() ?? null,
  }
}
