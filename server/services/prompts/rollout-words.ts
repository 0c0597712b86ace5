import type { LimitVerdict } from './guarded-rollout.schema'

const names: Record<LimitVerdict['limit'], string> = {
  cost: 'cost per request',
  latencyP95: 'latency p95',
  errorRate: 'errors',
  hitRate: 'hit rate',
}
/** +34 %, −7.1 points, +1 point. */
const withUnit = (value: number, unit: LimitVerdict['unit']) =>
  `${signed(value)} ${unit === 'percent' ? '%' : Math.abs(value) === 1 ? 'point' : 'points'}`

const grouped = new Intl.NumberFormat('en-US')

/** +34, −7.1: whole from ten on, with a true minus. */
export function signed(value: number): string {
  const size = Math.abs(value)
  const digits = size >= 9.95 ? size.toFixed(0) : size.toFixed(1).replace(/\.0$/, '')
  return Number(digits) === 0 ? '0' : `${value < 0 ? '\u2212' : '+'}${digits}`
}

/** "cost per request +34 % (+21 to +48), limit +20 %, n 812/4,120": the new version's calls first. */
export function limitText({ limit, unit, change, low, high, allowed, n }: LimitVerdict): string {
  const figure =
    change === null || low === null || high === null
      ? 'not known'
      : `${withUnit(change, unit)} (${signed(low)} to ${signed(high)})`
  const counts = `n ${grouped.format(n.candidate)}/${grouped.format(n.base)}`
  return `${names[limit]} ${figure}, limit ${withUnit(allowed, unit)}, ${counts}`
}

export const limitsText = (limits: readonly LimitVerdict[]): string => limits.map(limitText).join('; ')

export const limitNames = (limits: readonly LimitVerdict[]): string =>
  limits.map(({ limit }) => names[limit]).join(', ')

export const number = (value: number): string => grouped.format(value)

/** 45 s, 10 min, 1.5 h. */
export function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3_600).toFixed(1).replace(/\.0$/, '')} h`
}
