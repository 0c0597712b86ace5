import { count } from '@/components/format/count'
import { pointsText, relativeChange, relativeText } from '@/components/format/delta'
import { durationText } from '@/components/format/duration'
import { minus } from '@/components/format/figure'
import { money } from '@/components/format/money'
import { percentText } from '@/components/format/percent'
import type { Spread, VersionFigures } from '@/server/services/prompts/activation-impact'

export type ImpactRow = {
  key: string
  label: string
  before: string
  after: string
  change: string
  /** Worse beyond what chance explains; better is not celebrated, it is only not red. */
  worse: boolean
  /** Requests behind the row on either side. */
  n: [before: number, after: number]
}

/** Below this on either side a difference says nothing. */
export const LEAST_REQUESTS = 30
/** 95 % of a normal distribution lie within so many standard errors. */
const Z = 1.96
const none = '–'
const notEnough = 'not enough data yet'
const withinChance = 'no difference'

type Judged = { change: string; worse: boolean }

/** Before against after, row by row; pure. `before` is null where nothing was live before. */
export function prepareImpact(before: VersionFigures | null, after: VersionFigures): ImpactRow[] {
  const row = (
    key: string,
    label: string,
    show: (side: VersionFigures) => string,
    n: (side: VersionFigures) => number,
    judge: (was: VersionFigures, is: VersionFigures) => Judged,
  ): ImpactRow => {
    const counts: [number, number] = [before ? n(before) : 0, n(after)]
    const enough = Math.min(...counts) >= LEAST_REQUESTS
    const judged = before && enough ? judge(before, after) : { change: before ? notEnough : none, worse: false }
    return { key, label, before: before ? show(before) : none, after: show(after), ...judged, n: counts }
  }
  const requests = (side: VersionFigures) => side.requests
  return [
    row(
      'requests',
      'Requests',
      (side) => count(side.requests),
      requests,
      (was, is) => ({
        change: relativeText(relativeChange(is.requests, was.requests)),
        worse: false,
      }),
    ),
    row(
      'hits',
      'Hit rate of answers',
      shareText((side) => side.cached),
      requests,
      (was, is) => judgeShare([was.cached, was.requests], [is.cached, is.requests], 'down'),
    ),
    row(
      'cost',
      'Cost per 1,000 requests',
      (side) => (side.costPer1000Usd === null ? none : money(side.costPer1000Usd)),
      (side) => side.priced,
      (was, is) => judgeMean([was.cost, was.priced], [is.cost, is.priced]),
    ),
    row(
      'tokens',
      'Tokens per request',
      (side) => (side.tokens.mean === null ? none : count(Math.round(side.tokens.mean))),
      requests,
      (was, is) => judgeMean([was.tokens, was.requests], [is.tokens, is.requests]),
    ),
    row(
      'latency',
      'Latency p95',
      (side) => (side.latencyP95Ms === null ? none : durationText(side.latencyP95Ms)),
      (side) => side.timed,
      (was, is) => judgeLatency(was.latencyP95Ms ?? 0, is.latencyP95Ms ?? 0),
    ),
    row(
      'errors',
      'Errors',
      shareText((side) => side.errors),
      requests,
      (was, is) => judgeShare([was.errors, was.requests], [is.errors, is.requests], 'up'),
    ),
  ]
}

const shareText = (part: (side: VersionFigures) => number) => (side: VersionFigures) =>
  side.requests === 0 ? none : percentText(part(side) / side.requests)

/** Difference of two shares in points with its 95 % interval (normal approximation). */
function judgeShare([a, n]: [number, number], [b, m]: [number, number], bad: 'up' | 'down'): Judged {
  const [p, q] = [a / n, b / m]
  const half = Z * Math.sqrt((p * (1 - p)) / n + (q * (1 - q)) / m)
  if (Math.abs(q - p) <= half) return { change: withinChance, worse: false }
  return { change: `${pointsText(q, p)} ± ${(half * 100).toFixed(1)}`, worse: bad === 'up' ? q > p : q < p }
}

/** Relative change of two means with its 95 % interval (delta method); more is worse. */
function judgeMean([a, n]: [Spread, number], [b, m]: [Spread, number]): Judged {
  if (!a.mean || b.mean === null) return { change: relativeText(null), worse: false }
  const ratio = b.mean / a.mean
  const spread = (side: Spread, size: number) => ((side.deviation ?? 0) / (side.mean || 1)) ** 2 / size
  const half = Z * ratio * Math.sqrt(spread(a, n) + spread(b, m))
  if (Math.abs(ratio - 1) <= half) return { change: withinChance, worse: false }
  const margin = half * 100
  return { change: `${relativeText(ratio - 1)} ± ${margin.toFixed(margin < 9.95 ? 1 : 0)}`, worse: ratio > 1 }
}

/** Of a quantile only the difference is known, not its interval; less than a tenth is not called worse. */
function judgeLatency(was: number, is: number): Judged {
  const difference = is - was
  const sign = difference < 0 ? minus : '+'
  return { change: `${sign}${durationText(Math.abs(difference))}`, worse: difference > was * 0.1 }
}
