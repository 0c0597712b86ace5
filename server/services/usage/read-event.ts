import { badInput } from '@/server/failure'
import { type RejectedEvent, UsageEvent } from './usage.schema'
import { usualEvent } from './usual-event'

/** Judges one event of a batch alone: the event, or why it is refused, with the field that is wrong (R13). */
export function readEvent(index: number, value: unknown): { event: UsageEvent } | { rejected: RejectedEvent } {
  const event = usualEvent(value)
  if (event) return { event }
  const parsed = UsageEvent.safeParse(value)
  if (parsed.success) return { event: parsed.data }
  const { message, field } = badInput(parsed.error)
  return { rejected: { index, code: 'bad_request', message, field } }
}
