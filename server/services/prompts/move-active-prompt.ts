import type { Transaction } from '@/db/postgres/client'
import { insertActivationNote, type PendingNote } from '@/db/postgres/queries/outbox'
import { insertActivation, movePointer } from '@/db/postgres/queries/prompt-moves'
import type { Rollout } from '@/db/postgres/schema/prompts'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { applyActivation } from './apply-activation'
import { weightsOf } from './buckets'
import { movedMeanwhile } from './pointer'
import type { Activation } from './prompts.schema'

/** What a channel serves: `version` to everybody, or to whom the rollout leaves it. */
type Served = { version: number; rollout: Rollout | null }

export type Move = Served & {
  kind: 'activate' | 'rollback' | 'rollout'
  promptId: number
  name: string
  channel: string
  /** Null when nothing was active on the channel. */
  from: (Served & { revision: number }) | null
  /** Always of a move that made one version live in full, never of a rollout. */
  rollbackRevision: number | null
  reason: string | null
}

/** What commits together with a move, in its transaction; throws to prevent the move. */
export type Along = (tx: Transaction, revision: number) => Promise<void>

/**
 * Activation, rollback and rollout alike: pointer, history, audit and outbox in one transaction (R3), then Redis is told.
 * @throws AppError `conflict` when the pointer no longer stands where `from` says.
 */
export async function moveActivePrompt(caller: Caller, move: Move, along?: Along): Promise<Activation> {
  const { revision, committedAt, note } = await commit(caller, move, along)
  const appliedAt = await applyActivation(caller, note)
  return {
    version: move.version,
    previousVersion: move.from?.version ?? null,
    revision,
    committedAt: committedAt.toISOString(),
    appliedAt: appliedAt?.toISOString() ?? null,
  }
}

type Committed = { revision: number; committedAt: Date; note: PendingNote }

function commit(caller: Caller, move: Move, along?: Along) {
  const { actor } = caller
  const { kind, promptId, name, channel, version, rollout, from, rollbackRevision, reason } = move
  return change<Committed>(caller, `prompts.${kind}`, async (tx) => {
    const fromRevision = from?.revision ?? null
    const moved = await movePointer(tx, { promptId, channel, version, rollout, fromRevision })
    if (!moved) throw movedMeanwhile(name, channel)
    const { revision, at: committedAt } = moved
    await insertActivation(tx, {
      promptId,
      channel,
      revision,
      version,
      previousVersion: from?.version ?? null,
      rollbackRevision,
      kind,
      rollout,
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      reason,
      committedAt,
    })
    await along?.(tx, revision)
    const note = await insertActivationNote(tx, { promptId, name, channel, revision })
    const audit = {
      target: name,
      before: from && auditOf(channel, from),
      after: auditOf(channel, { version, rollout, revision }),
      reason,
    }
    return { result: { revision, committedAt, note }, audit }
  })
}

function auditOf(channel: string, { version, revision, rollout }: Served & { revision: number }) {
  const arms = rollout && weightsOf(rollout)
  return { channel, version, revision, ...(arms && { arms }) }
}
