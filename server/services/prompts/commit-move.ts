import type { Transaction } from '@/db/postgres/client'
import { insertOpenConfirmations } from '@/db/postgres/queries/confirmations'
import { insertActivationNote, type PendingNote } from '@/db/postgres/queries/outbox'
import { insertActivation, movePointer } from '@/db/postgres/queries/prompt-moves'
import type { Rollout } from '@/db/postgres/schema/prompts'
import type { Actor } from '@/server/services/context'
import { noteEvent } from '@/server/services/webhooks/note-event'
import type { WebhookEvent } from '@/server/services/webhooks/webhooks.schema'
import { beginGuard } from './begin-guard'
import { weightsOf } from './buckets'
import type { Guard } from './guarded-rollout.schema'

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
  /** What is to watch the rollout that begins with this move. */
  guard?: Guard
}

/** `before` and `after` are for the audit row. */
export type Committed = {
  revision: number
  committedAt: Date
  note: PendingNote
  before: Audited | null
  after: Audited
}

/** Who stands in the history: whoever moved it, or whoever asked and who approved. */
type Mover = Pick<Actor, 'kind' | 'id' | 'name'>

/**
 * A move within its transaction: pointer, history, outbox and the events for webhooks; the audit row is the caller's (R3).
 * Null when the pointer no longer stands where `from` says: nothing was changed then.
 */
export async function commitMove(tx: Transaction, by: Mover, move: Move): Promise<Committed | null> {
  const { kind, promptId, name, channel, version, rollout, from, rollbackRevision, reason } = move
  const moved = await movePointer(tx, { promptId, channel, version, rollout, fromRevision: from?.revision ?? null })
  if (!moved) return null
  const { revision, at: committedAt } = moved
  const previousVersion = from?.version ?? null
  await insertActivation(tx, {
    promptId,
    channel,
    revision,
    version,
    previousVersion,
    rollbackRevision,
    kind,
    rollout,
    actorKind: by.kind,
    actorId: by.id,
    actorName: by.name,
    reason,
    committedAt,
  })
  if (move.guard) await beginGuard(tx, by, { promptId, channel, version, revision, committedAt, guard: move.guard })
  await insertOpenConfirmations(tx, { promptId, channel, revision })
  const note = await insertActivationNote(tx, { promptId, name, channel, revision })
  const arms = rollout ? weightsOf(rollout) : undefined
  const told = { prompt: name, channel, version, previousVersion, revision, kind, arms, by: by.name, reason }
  await noteEvent(tx, { type: eventOf[kind], at: committedAt, data: told })
  const [before, after] = [from && auditOf(channel, from), auditOf(channel, { version, rollout, revision })]
  return { revision, committedAt, note, before, after }
}

const eventOf = {
  activate: 'prompt.activated',
  rollback: 'prompt.rolled_back',
  rollout: 'prompt.rollout_changed',
} as const satisfies Record<Move['kind'], WebhookEvent>

type Audited = ReturnType<typeof auditOf>

function auditOf(channel: string, { version, revision, rollout }: Served & { revision: number }) {
  const arms = rollout && weightsOf(rollout)
  return { channel, version, revision, ...(arms && { arms }) }
}
