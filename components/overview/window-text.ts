import { count } from '@/components/format/count'
import { durationText } from '@/components/format/duration'
import { dayTime } from '@/components/format/instant'
import { relativeChange, relativeText } from '@/components/format/delta'
import type { Scope } from '@/server/services/scope.schema'

/** "last 6 h", or both ends of a fixed stretch. */
export function windowText({ range, from, to, timezone }: Scope, now: string): string {
  if (range === 'today') return range
  if (range === 'month') return 'this month'
  if (range || !from || !to) return `last ${lengthText(range ?? '6h')}`
  return `${dayTime(from, timezone, now)} to ${dayTime(to, timezone, now)}`
}

/** What figures are compared with: "the 6 h before". */
export function beforeText({ range, from, to }: Pick<Scope, 'range' | 'from' | 'to'>): string {
  if (range === 'today' || range === 'month') return 'as long before'
  const length = range || !from || !to ? lengthText(range ?? '6h') : durationText(Date.parse(to) - Date.parse(from))
  return `the ${length} before`
}

const lengthText = (range: string) => (range === '1h' ? 'hour' : range.replace(/(\d+)(\w)/, '$1\u00a0$2'))

/** "+12 % on the 6 h before", "31 times the 6 h before" from tenfold on. */
export function changeText(now: number, was: number, before: string): string {
  if (was === 0) return now === 0 ? `nothing, as in ${before}` : `nothing in ${before}`
  if (now >= 10 * was && was > 0) return `${count(Math.round(now / was))} times ${before}`
  const change = relativeText(relativeChange(now, was))
  return change === 'no difference' ? `as in ${before}` : `${change} on ${before}`
}
