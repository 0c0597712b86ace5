import type { LimitVerdict, RolloutLimits, RolloutVerdict } from './guarded-rollout.schema'
import type { Confidence } from './intervals'
import { judgeLimits, type Sides } from './judge-limits'
import { limitNames, limitsText, number, spanText } from './rollout-words'

/** What one look at a step of a guarded rollout rests on. */
export type Look = {
  guard: {
    version: number
    baseVersion: number
    steps: readonly number[]
    step: number
    stepStartedAt: Date
    observeSeconds: number
    minRequests: number
    limits: RolloutLimits
  }
  /** When the step is to be judged, and the calls that are looked at. */
  decidesAt: Date
  from: Date
  to: Date
}
export type Outcome = 'wait' | 'widen' | 'complete' | 'roll back'

/** At its time a step is judged by the usual confidence; before, only what is all but certain ends it (docs/decisions). */
export const confidenceOf = ({ decidesAt, to }: Pick<Look, 'decidesAt' | 'to'>): Confidence =>
  to >= decidesAt ? 0.95 : 0.999

/** The judgement of one look; pure. `says` is for people, and is the reason of what follows. */
export function judgeStep(look: Look, sides: Sides): { outcome: Outcome; verdict: RolloutVerdict } {
  const { guard, from, to, decidesAt } = look
  const confidence = confidenceOf(look)
  const limits = judgeLimits(guard, sides, confidence)
  const requests = { base: sides.base.requests, candidate: sides.candidate.requests }
  const { outcome, says, again } = decide(look, requests, limits)
  const next = again ? new Date(to.getTime() + guard.observeSeconds * 1_000) : decidesAt
  const figures = { from: from.toISOString(), to: to.toISOString(), confidence, requests, limits }
  return { outcome, verdict: { ...figures, decidesAt: next.toISOString(), says } }
}

type Decision = { outcome: Outcome; says: string; again?: boolean }

function decide({ guard, decidesAt, to }: Look, requests: Counts, limits: LimitVerdict[]): Decision {
  const missing = missingCalls(guard, requests)
  if (missing) return { outcome: 'wait', says: missing }
  const breached = limits.filter(({ verdict }) => verdict === 'breached')
  const due = to >= decidesAt
  if (breached.length > 0)
    return { outcome: 'roll back', says: limitsText(breached) + (due ? '' : ', at once because 99.9 % sure') }
  if (!due) return { outcome: 'wait', says: `Nothing is surely beyond its limit so far.` }
  const open = limits.filter(({ verdict }) => verdict !== 'fine')
  if (open.length > 0) return { outcome: 'wait', says: openText(open, guard.observeSeconds), again: true }
  return { outcome: guard.step + 2 < guard.steps.length ? 'widen' : 'complete', says: limitsText(limits) }
}

type Counts = RolloutVerdict['requests']

function missingCalls({ version, baseVersion, minRequests }: Look['guard'], { base, candidate }: Counts) {
  if (base === 0 && candidate === 0) return 'No calls of either version since this step began.'
  if (candidate === 0) return `v${version} gets no calls: does the application send a subject?`
  if (base === 0) return `v${baseVersion} gets no calls to compare with.`
  if (Math.min(base, candidate) >= minRequests) return null
  const has = `v${version} has ${number(candidate)}, v${baseVersion} has ${number(base)}`
  return `Waiting for ${number(minRequests)} requests of each version: ${has}.`
}

function openText(open: LimitVerdict[], observeSeconds: number): string {
  const unsure = open.filter(({ verdict }) => verdict === 'undecided')
  const few = open.filter(({ verdict }) => verdict !== 'undecided')
  const parts = [
    unsure.length > 0 && `Undecided on ${limitNames(unsure)}: the interval holds the limit.`,
    few.length > 0 && `Not enough data on ${limitNames(few)}: ${few[0]?.why ?? ''}.`,
  ]
  return `${parts.filter(Boolean).join(' ')} Observing for another ${spanText(observeSeconds)}.`
}
