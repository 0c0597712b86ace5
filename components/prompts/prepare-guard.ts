import { count } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { figureText } from '@/components/format/figure'
import { changeText, type ChangeInterval, intervalText } from '@/components/format/interval'
import { delta } from '@/components/format/delta'
import type { ChipTone } from '@/components/ui/chip'
import type { GuardedRollout, LimitVerdict } from '@/server/services/prompts/guarded-rollout.schema'

export type GuardStep = { percent: number; state: 'done' | 'served' | 'undone' | 'ahead' }
export type LimitRow = {
  limit: LimitVerdict['limit']
  label: string
  change: string
  /** Interval, limit and counts in one line, or what is missing. */
  detail: string
  verdict: LimitVerdict['verdict']
  tone: ChipTone
}

const labels: Record<LimitVerdict['limit'], string> = {
  cost: 'Cost per request',
  latencyP95: 'Latency p95',
  errorRate: 'Errors',
  hitRate: 'Hit rate',
}
const tones: Record<LimitVerdict['verdict'], ChipTone> = {
  fine: 'ok',
  breached: 'bad',
  undecided: 'neutral',
  'not enough yet': 'neutral',
}
export const stateText: Record<GuardedRollout['state'], string> = {
  running: 'watching',
  completed: 'completed',
  rolled_back: 'rolled back',
  stopped: 'stopped',
}

/** The steps of a rollout with where it stands. */
export const guardSteps = ({ steps, step, state }: Pick<GuardedRollout, 'steps' | 'step' | 'state'>): GuardStep[] =>
  steps.map((percent, index) => ({
    percent,
    state:
      index < step || state === 'completed'
        ? 'done'
        : index > step
          ? 'ahead'
          : state === 'rolled_back'
            ? 'undone'
            : 'served',
  }))

/** Every watched limit at the newest look. */
export const limitRows = (limits: readonly LimitVerdict[]): LimitRow[] =>
  limits.map((row) => {
    const interval = intervalOf(row)
    const limit = `limit ${limitText(row)}`
    const n = `n ${count(row.n.candidate)} of ${count(row.n.candidate + row.n.base)}`
    return {
      limit: row.limit,
      label: labels[row.limit],
      change: interval ? changeText(interval) : '–',
      detail: interval ? `${intervalText(interval)} · ${limit} · ${n}` : `${row.why ?? 'no figures yet'} · ${limit}`,
      verdict: row.verdict,
      tone: tones[row.verdict],
    }
  })

/** As the formatters of intervals take it: a ratio, or a difference of shares. */
function intervalOf({ unit, change, low, high }: LimitVerdict): ChangeInterval | null {
  if (change === null || low === null || high === null) return null
  const of = (value: number) => (unit === 'percent' ? 1 + value / 100 : value / 100)
  return { kind: unit === 'percent' ? 'ratio' : 'points', estimate: of(change), low: of(low), high: of(high) }
}

const limitText = ({ allowed, unit }: LimitVerdict) =>
  delta(allowed, (size) =>
    figureText({ value: String(size), unit: unit === 'percent' ? '%' : size === 1 ? 'point' : 'points' }),
  )

/** When the step is judged, in words; what is only waited for is said by the verdict itself. */
export function untilText(
  { state, verdict, stepStartedAt, observeSeconds }: GuardedRollout,
  now: number,
): string | null {
  if (state !== 'running') return null
  const at = verdict ? Date.parse(verdict.decidesAt) : Date.parse(stepStartedAt) + observeSeconds * 1_000
  return at > now ? `judged in ${durationLong(at - now)}` : 'being judged'
}
