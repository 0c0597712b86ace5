import { AppError } from '@/server/errors'

/** Weeks begin on Monday; months and their first days are those of the zone. */
export type Step = '1m' | '5m' | '15m' | '1h' | '1d' | '1w' | '1mo'
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const stepMs = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '1d': DAY_MS,
  '1w': 7 * DAY_MS,
  '1mo': 28 * DAY_MS,
}
export const MAX_BUCKETS = 10_000
/** A chart with more bars than this is no longer one. */
const MAX_BARS = 750

/**
 * The step in which a range of this length is shown: the one asked for, unless that makes more bars than can be told
 * apart. From half a day on the rollups by the hour answer.
 */
export function stepFor(from: Date, to: Date, wanted: Step | null = null): Step {
  const length = to.getTime() - from.getTime()
  if (wanted && length / stepMs[wanted] <= MAX_BARS) return wanted
  if (length <= 2 * HOUR_MS) return '1m'
  if (length <= 6 * HOUR_MS) return '5m'
  if (length <= 12 * HOUR_MS) return '15m'
  if (length <= 14 * DAY_MS) return '1h'
  if (length <= 400 * DAY_MS) return '1d'
  if (length <= 5 * 366 * DAY_MS) return '1w'
  return '1mo'
}

/**
 * The instants at which the buckets of [from, to) begin: on the zone's own hours and midnights, half-hour offsets and
 * days of 23 or 25 hours included. The first may lie before `from`; what is counted begins at `from` all the same.
 * @throws AppError `bad_request` when there would be more than 10,000.
 */
export function bucketEdges(from: Date, to: Date, step: Step, timezone: string): Date[] {
  if ((to.getTime() - from.getTime()) / stepMs[step] > MAX_BUCKETS)
    throw new AppError('bad_request', `from: the range has more than ${MAX_BUCKETS} buckets; choose a shorter one`, {
      field: 'from',
    })
  if (step === '1d' || step === '1w' || step === '1mo') return midnights(from, to, step, timezone)
  // Minutes of 15 and less lie alike in every zone; hours begin where the zone's offset puts them.
  const shift = step === '1h' ? offsetMs(timezone, from) % HOUR_MS : 0
  const first = Math.floor((from.getTime() + shift) / stepMs[step]) * stepMs[step] - shift
  const edges: Date[] = []
  for (let at = first; at < to.getTime(); at += stepMs[step]) edges.push(new Date(at))
  return edges
}

function midnights(from: Date, to: Date, step: '1d' | '1w' | '1mo', timezone: string): Date[] {
  const edges: Date[] = []
  let day = firstDayOf(dayNumber(from, timezone), step)
  for (let start = startOfDay(day, timezone); start < to; start = startOfDay(day, timezone)) {
    edges.push(start)
    day = nextDayOf(day, step)
  }
  return edges
}

/** The day with which the step around this day begins; days are counted since 1970-01-01, which was a Thursday. */
function firstDayOf(day: number, step: '1d' | '1w' | '1mo'): number {
  if (step === '1d') return day
  const date = new Date(day * DAY_MS)
  return step === '1w' ? day - ((date.getUTCDay() + 6) % 7) : day - date.getUTCDate() + 1
}

function nextDayOf(day: number, step: '1d' | '1w' | '1mo'): number {
  if (step === '1d') return day + 1
  return step === '1w' ? day + 7 : firstDayOf(day + 31, '1mo')
}

/**
 * The first instant of a local day, which is not always 00:00: some zones change their clocks at midnight. Of the two
 * offsets around it, the earlier instant that lies in that day.
 */
function startOfDay(day: number, timezone: string): Date {
  const midnight = day * DAY_MS
  const candidates = [midnight - DAY_MS, midnight + DAY_MS]
    .map((near) => midnight - offsetMs(timezone, new Date(near)))
    .sort((a, b) => a - b)
    .map((at) => new Date(at))
  const start = candidates.find((at) => dayNumber(at, timezone) === day) ?? candidates[1]
  if (!start) throw new Error(`day ${day} has no beginning in ${timezone}`)
  return start
}

const dayNumber = (at: Date, timezone: string) => Math.floor((at.getTime() + offsetMs(timezone, at)) / DAY_MS)

/** `YYYY-MM-DD` in the zone. */
export const localDay = (at: Date, timezone: string) =>
  new Date(at.getTime() + offsetMs(timezone, at)).toISOString().slice(0, 10)

const formats = new Map<string, Intl.DateTimeFormat>()

/** Local time minus UTC. */
function offsetMs(timezone: string, at: Date): number {
  if (timezone === 'UTC') return 0
  const format = formats.get(timezone) ?? formatFor(timezone)
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000
}

function formatFor(timezone: string): Intl.DateTimeFormat {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  if (formats.size < 1_000) formats.set(timezone, format)
  return format
}
