/** Instants as ISO strings, Date or epoch milliseconds; always shown in a zone that the caller names (R7). */
export type Instant = string | number | Date

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a DateTimeFormat costs about 50 µs: one per zone and shape is kept. */
function format(timezone: string, shape: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timezone}|${shape}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, ...options })
  formats.set(key, made)
  return made
}

/** 14:03 */
export const clockTime = (at: Instant, timezone: string): string =>
  format(timezone, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))

/** 14:03:12 */
export const clockSeconds = (at: Instant, timezone: string): string =>
  format(timezone, 'seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(
    new Date(at),
  )

/** 12 Nov */
export const dayMonth = (at: Instant, timezone: string): string =>
  format(timezone, 'day', { day: 'numeric', month: 'short' }).format(new Date(at))

/** 2026-11-12: the day as a key, for comparing days and for file names. */
export const isoDay = (at: Instant, timezone: string): string => {
  const parts = format(timezone, 'iso', { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(
    new Date(at),
  )
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((candidate) => candidate.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** "14:02" today, "12 Nov 14:02" on another day, with the year when it is not this one. */
export function dayTime(at: Instant, timezone: string, now: Instant): string {
  const [day, today] = [isoDay(at, timezone), isoDay(now, timezone)]
  if (day === today) return clockTime(at, timezone)
  const year = day.slice(0, 4) === today.slice(0, 4) ? '' : ` ${day.slice(0, 4)}`
  return `${dayMonth(at, timezone)}${year} ${clockTime(at, timezone)}`
}

/** Minutes east of Greenwich at that instant. */
export function offsetMinutes(at: Instant, timezone: string): number {
  const parts = format(timezone, 'offset', { timeZoneName: 'longOffset' }).formatToParts(new Date(at))
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name)
  if (!match) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
}

/** UTC, UTC+1, UTC−3:30 */
export function zoneLabel(at: Instant, timezone: string): string {
  const offset = offsetMinutes(at, timezone)
  if (offset === 0) return 'UTC'
  const size = Math.abs(offset)
  const minutes = size % 60 ? `:${String(size % 60).padStart(2, '0')}` : ''
  return `UTC${offset < 0 ? '\u2212' : '+'}${Math.floor(size / 60)}${minutes}`
}

/** Everything, for a title or a receipt: 2026-11-12 14:02:11 UTC+1 */
export const fullStamp = (at: Instant, timezone: string): string =>
  `${isoDay(at, timezone)} ${clockSeconds(at, timezone)} ${zoneLabel(at, timezone)}`
