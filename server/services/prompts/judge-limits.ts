import { costRatio, errorRateDifference, hitRateDifference, latencyP95Ratio } from './compare-figures'
import type { LimitVerdict, RolloutLimits } from './guarded-rollout.schema'
import type { Confidence, Estimated, Interval } from './intervals'
import type { VersionFigures } from './measure-versions'

export type Sides = { base: VersionFigures; candidate: VersionFigures }

type Question = {
  limit: LimitVerdict['limit']
  unit: LimitVerdict['unit']
  allowed: (limits: RolloutLimits) => number | null
  /** More is worse, or less is. */
  bad: 'up' | 'down'
  compare: (base: VersionFigures, candidate: VersionFigures, confidence: Confidence) => Estimated
  n: (side: VersionFigures) => number
  /** What a call must tell to count here. */
  counted: string
}

const questions: Question[] = [
  {
    limit: 'cost',
    unit: 'percent',
    allowed: ({ costPercent }) => costPercent,
    bad: 'up',
    compare: costRatio,
    n: ({ priced }) => priced,
    counted: 'with a known price',
  },
  {
    limit: 'latencyP95',
    unit: 'percent',
    allowed: ({ latencyP95Percent }) => latencyP95Percent,
    bad: 'up',
    compare: latencyP95Ratio,
    n: ({ timed }) => timed,
    counted: 'of a model that told their latency',
  },
  {
    limit: 'errorRate',
    unit: 'points',
    allowed: ({ errorRatePoints }) => errorRatePoints,
    bad: 'up',
    compare: errorRateDifference,
    n: ({ requests }) => requests,
    counted: 'of any kind',
  },
  {
    limit: 'hitRate',
    unit: 'points',
    allowed: ({ hitRatePoints }) => hitRatePoints,
    bad: 'down',
    compare: hitRateDifference,
    n: ({ requests }) => requests,
    counted: 'of any kind',
  },
]

/**
 * The new version against the old one, limit by limit; what is not watched is left out. Breached only when the whole
 * interval lies beyond the limit, fine only when it lies within. Below `minRequests` on either side nothing is judged.
 */
export function judgeLimits(
  { limits, minRequests }: { limits: RolloutLimits; minRequests: number },
  { base, candidate }: Sides,
  confidence: Confidence,
): LimitVerdict[] {
  const enough = Math.min(base.requests, candidate.requests) >= minRequests
  return questions.flatMap(({ limit, unit, allowed, bad, compare, n, counted }): LimitVerdict[] => {
    const size = allowed(limits)
    if (size === null) return []
    const asked = {
      limit,
      unit,
      allowed: bad === 'up' ? size : 0 - size,
      n: { base: n(base), candidate: n(candidate) },
    }
    const estimated = compare(base, candidate, confidence)
    if (estimated.state !== 'known') return [{ ...asked, ...unknown, ...lack(estimated, counted) }]
    const change = inUnit(estimated.interval, unit)
    const few = { verdict: 'not enough yet', why: `needs ${minRequests} requests of each version` } as const
    const judged = enough ? { verdict: verdictOf(change, asked.allowed, bad), why: null } : few
    return [{ ...asked, change: change.estimate, low: change.low, high: change.high, ...judged }]
  })
}

const unknown = { change: null, low: null, high: null }

function lack(estimated: Exclude<Estimated, { state: 'known' }>, counted: string) {
  if (estimated.state === 'few')
    return { verdict: 'not enough yet', why: `needs ${estimated.needed} calls ${counted} of each version` } as const
  return { verdict: 'undecided', why: 'the old version cost nothing, so there is no percentage of it' } as const
}

/** A ratio becomes percent more, a difference of shares becomes points. */
const inUnit = ({ estimate, low, high }: Interval, unit: LimitVerdict['unit']): Interval => {
  const change = (value: number) => (unit === 'percent' ? (value - 1) * 100 : value * 100)
  return { estimate: change(estimate), low: change(low), high: change(high) }
}

function verdictOf({ low, high }: Interval, allowed: number, bad: Question['bad']): LimitVerdict['verdict'] {
  const [mildest, worst] = bad === 'up' ? [low, high] : [-high, -low]
  const most = bad === 'up' ? allowed : -allowed
  if (mildest > most) return 'breached'
  return worst < most ? 'fine' : 'undecided'
}
