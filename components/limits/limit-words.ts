import { count } from '@/components/format/count'
import type { ListedPolicy } from '@/server/services/limits/limits-report'

type Terms = Pick<ListedPolicy, 'kind' | 'points' | 'windowSeconds' | 'refillPoints'>

export const kindNames: Record<Terms['kind'], string> = {
  fixed_window: 'Fixed window',
  sliding_window: 'Sliding window',
  token_bucket: 'Token bucket',
}

const units = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const

/** "minute", "5 minutes", "90 seconds". */
export function windowText(seconds: number): string {
  const [size, name] = units.find(([size]) => seconds % size === 0) ?? units[3]
  return seconds === size ? name : `${count(seconds / size)} ${name}s`
}

/** "60 per minute", "bucket of 60, refilled by 10 per second". */
export function termsText({ kind, points, windowSeconds, refillPoints }: Terms): string {
  const window = windowText(windowSeconds)
  if (kind === 'token_bucket')
    return `bucket of ${count(points)}, refilled by ${count(refillPoints ?? points)} per ${window}`
  return `${count(points)} per ${window}${kind === 'sliding_window' ? ', sliding' : ''}`
}

export const subjectNames = { user: 'users', tenant: 'tenants' } as const

/** A subject as a person reads it. */
export const subjectText = ({ tenant, subject }: { tenant: string; subject: string }) =>
  tenant === '' ? subject : `${tenant} / ${subject}`
