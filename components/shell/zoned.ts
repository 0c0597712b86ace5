import { clockTime, isoDay, offsetMinutes } from '@/components/format/instant'

const MINUTE = 60_000

/** An instant as `<input type="datetime-local">` wants it, on the clock of a zone. */
export const toLocalInput = (at: string, timezone: string) => `${isoDay(at, timezone)}T${clockTime(at, timezone)}`

/**
 * The instant that a clock in the zone shows so; null when the text is none. Of an hour that comes twice the earlier
 * one; in an hour that is skipped, as if the clock had not been changed yet.
 */
export function fromLocalInput(text: string, timezone: string): string | null {
  const asIfUtc = Date.parse(`${text}Z`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(asIfUtc)) return null
  const offsets = [-24, 24].map((hours) => offsetMinutes(asIfUtc + hours * 60 * MINUTE, timezone))
  const candidates = offsets.map((offset) => asIfUtc - offset * MINUTE)
  const fits = candidates.filter((at) => at + offsetMinutes(at, timezone) * MINUTE === asIfUtc)
  const [before = asIfUtc] = candidates
  return new Date(fits.length > 0 ? Math.min(...fits) : before).toISOString()
}
