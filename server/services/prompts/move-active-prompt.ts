import { insertActivationNote, type PendingNote } from '@/db/postgres/queries/outbox'
import { insertActivation, movePointer } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { applyActivation } from './apply-activation'
import type { Activation } from './prompts.schema'

export type Move = {
  kind: 'activate' | 'rollback'
  promptId: number
  name: string
  channel: string
  version: number
  /** Null when nothing was active on the channel. */
  from: { version: number; revision: number } | null
  rollbackRevision: number | null
  reason: string | null
}

/**
 * Activation and rollback alike: pointer, history, audit and outbox in one transaction (R3), then Redis is told.
 * @throws AppError `conflict` when the pointer no longer stands where `from` says.
 */
export async function moveActivePrompt(caller: Caller, move: Move): Promise<Activation> {
  const { revision, committedAt, note } = await commit(caller, move)
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

function commit(caller: Caller, { kind, promptId, name, channel, version, from, rollbackRevision, reason }: Move) {
  const { actor } = caller
  return change<Committed>(caller, `prompts.${kind}`, async (tx) => {
    const moved = await movePointer(tx, { promptId, channel, version, fromRevision: from?.revision ?? null })
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
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      reason,
      committedAt,
    })
    const note = await insertActivationNote(tx, { promptId, name, channel, revision })
    const audit = { target: name, before: from && { channel, ...from }, after: { channel, version, revision }, reason }
    return { result: { revision, committedAt, note }, audit }
  })
}

export const movedMeanwhile = (name: string, channel: string) =>
  new AppError('conflict', `Somebody else just changed what ${name} serves on ${channel}. Look again, then repeat.`, {
    field: 'expectedRevision',
  })
