import { z } from 'zod'
import { tenantSlug } from '@/server/services/text.schema'
import { bucketEdges } from '@/server/services/usage/time-buckets'

const HOUR = 3_600_000

/** The ranges of one length that end now, with that length in milliseconds. */
const rangeMs = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': 24 * HOUR,
  '7d': 168 * HOUR,
  '14d': 336 * HOUR,
  '30d': 720 * HOUR,
} as const
/** The ranges that began with a day or a month of the zone, and end now. */
const calendarStep = { today: '1d', month: '1mo' } as const
export const ranges = ['1h', '6h', '24h', '7d', '14d', '30d', 'today', 'month'] as const satisfies (
  keyof typeof rangeMs | keyof typeof calendarStep
)[]
export type Range = (typeof ranges)[number]
export const defaultRange: Range = '6h'

export const timezone = z.string().max(64).refine(isTimezone, 'must be an IANA time zone, such as Europe/Berlin')

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

const instant = z.iso.datetime({ offset: true })

/**
 * What a page looks at: one tenant or all of them, and either a range that ends now or two fixed instants. A range
 * stays relative until the server answers, so that asking again moves it on.
 */
export const Scope = z
  .strictObject({
    tenant: tenantSlug.nullable(),
    range: z.enum(ranges).nullable(),
    from: instant.nullable(),
    to: instant.nullable(),
    timezone,
  })
  .refine((scope) => (scope.range === null) === (scope.from !== null && scope.to !== null), {
    path: ['range'],
    error: 'give either a range or both from and to',
  })
  .refine((scope) => !scope.from || !scope.to || Date.parse(scope.from) < Date.parse(scope.to), {
    path: ['to'],
    error: 'must be after from',
  })
export type Scope = z.infer<typeof Scope>

/** The two instants that a scope means at `now`. */
export function windowOf(
  { range, from, to, timezone: zone }: Pick<Scope, 'range' | 'from' | 'to' | 'timezone'>,
  now = new Date(),
): { from: Date; to: Date } {
  if (from && to) return { from: new Date(from), to: new Date(to) }
  const wanted = range ?? defaultRange
  if (wanted === 'today' || wanted === 'month') {
    const [start = now] = bucketEdges(new Date(now.getTime() - 1), now, calendarStep[wanted], zone)
    return { from: start, to: now }
  }
  return { from: new Date(now.getTime() - rangeMs[wanted]), to: now }
}
