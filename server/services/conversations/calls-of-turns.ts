import type { ConversationCall, Message } from '@/db/postgres/queries/conversations'

/** A call is reported a moment before or after its answer is added as a turn. */
const AFTER_MS = 2_000
/** A call that was answered longer ago than this belongs to no later turn. */
export const BEFORE_MS = 10 * 60_000

/** How a call came to its turn: the application named it, or its time fits. */
export type Link = 'named' | 'time'
export type TurnCalls<Turn> = { turn: Turn; link: Link | null; calls: ConversationCall[] }

/**
 * Which calls made which turn: those that a turn names; of the others, each goes to the first answer of the assistant that
 * comes no more than 10 minutes after it (or 2 seconds before, for it may be reported late) and names none. What is left
 * belongs to no turn.
 */
export function callsOfTurns<Turn extends Pick<Message, 'role' | 'at' | 'usageId'>>(
  turns: readonly Turn[],
  calls: readonly ConversationCall[],
): { turns: TurnCalls<Turn>[]; rest: ConversationCall[] } {
  const found = turns.map((turn): TurnCalls<Turn> => ({
    turn,
    link: turn.usageId === null ? null : 'named',
    calls: [],
  }))
  const named = new Map(found.flatMap((one) => (one.turn.usageId === null ? [] : [[one.turn.usageId, one] as const])))
  const rest = calls.filter((call) => {
    const at = call.occurredAt.getTime()
    const fits = ({ turn }: TurnCalls<Turn>) => {
      const after = turn.at.getTime() - at
      return turn.role === 'assistant' && turn.usageId === null && after >= -AFTER_MS && after <= BEFORE_MS
    }
    const its = named.get(call.id) ?? found.find(fits)
    if (its?.link === null) its.link = 'time'
    its?.calls.push(call)
    return !its
  })
  return { turns: found, rest }
}
