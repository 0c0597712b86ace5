import type { CountedFamily } from '@/db/postgres/schema/cache'
import type { Culprit } from '@/server/services/cache/culprit'
import type { ToldBudget } from '@/server/services/usage/budgets/told-of-budgets'
import type { Activation } from './activation-marks'
import { largestStep, type Ratio, scatteredErrors, standardErrors, type Step } from './largest-step'
import { thresholds } from './thresholds'

/** One finding. What it says is worded where it is shown; here is what was found, and how bad it is. */
export type Verdict =
  | { kind: 'redis-down'; severity: 'bad'; since: string }
  | { kind: 'worker-silent'; severity: 'bad'; newestAt: string | null }
  | {
      kind: 'hit-rate-fell'
      severity: 'bad'
      was: number
      now: number
      at: string
      after: Activation | null
      /** The line that was judged did not fall, for other look-ups drown it: that of this family did. */
      family?: CountedFamily
      culprit?: Culprit
    }
  | { kind: 'hit-rate-lower'; severity: 'bad'; was: number; now: number }
  | { kind: 'cost-rose'; severity: 'bad'; was: number; now: number; at: string; after: Activation | null }
  | { kind: 'errors'; severity: 'bad'; share: number; requests: number }
  | { kind: 'memory-nearly-full'; severity: 'warn'; usedBytes: number; maxBytes: number; policy: string }
  | { kind: 'evictions'; severity: 'warn'; evicted: number; policy: string }
  | { kind: 'sessions-evictable'; severity: 'warn'; sessions: number; policy: string; evicted: number }
  | { kind: 'budget-used-up'; severity: 'bad'; names: string[] }
  | { kind: 'budget-will-be-used-up'; severity: 'warn'; names: string[]; earliest: string; timezone: string }
  | { kind: 'boards-differ'; severity: 'warn'; boards: DriftedBoard[] }
  | { kind: 'recall-below-target'; severity: 'warn'; tenants: number; worst: MissingTenant[] }
  | { kind: 'approval-waits'; severity: 'warn'; count: number; oldest: WaitingChange }
  | { kind: 'unpriced'; severity: 'warn'; requests: number }
  | { kind: 'quiet'; severity: 'ok'; checks: Check[] }

/** A leaderboard whose ranking was not its ledger, by so many members, when they were compared. */
export type DriftedBoard = { name: string; tenant: string | null; members: number; at: string }

/** A tenant whose index finds less of the nearest items than is wanted. */
export type MissingTenant = { tenant: string; recall: number; target: number }

/** A change that waits for a second person. */
export type WaitingChange = { name: string; channel: string; version: number; by: string; at: string }

export type Check = 'stores' | 'worker' | 'hit rate' | 'cost' | 'errors' | 'memory' | 'evictions' | 'prices'

/** What the checks look at. A part that is null or absent was not measured, and its check is not counted as quiet. */
export type Checked = {
  now: Date
  /** Whether the range ends now: only then does silence since the last sample mean anything. */
  live: boolean
  redisDownSince: string | null
  newestSampleAt: string | null
  redis: {
    evicted: number | null
    usedMemoryBytes: number
    maxMemoryBytes: number
    maxMemoryPolicy: string
    liveSessions: number
  } | null
  /** Hits of look-ups by bucket. */
  lookups: (Ratio | null)[]
  /** Of the whole window before; null when there was none. */
  lookupsBefore: Ratio | null
  /** Hits of look-ups by bucket of each family that `lookups` holds together with others, or not at all. */
  families?: { family: CountedFamily; lookups: (Ratio | null)[] }[]
  /** Dollars of priced requests by bucket. */
  costs: (Ratio | null)[]
  usage: { requests: number; errors: number; unpriced: number } | null
  activations: Activation[]
  /** How many changes wait for a second person, and the one that has waited longest; null where none does. */
  waiting?: { count: number; oldest: WaitingChange } | null
  /** Budgets that are used up, or foreseen to be. */
  budgets?: ToldBudget[]
  /** Those that were scored last come first. */
  boards?: DriftedBoard[]
  /** How many memories find less than is wanted, and some of them, the worst first. */
  missing?: { tenants: number; worst: MissingTenant[] }
  bucketStart: (index: number) => number
}

/** Everything worth knowing of a range, worst first, and last what was looked at and found quiet. */
export function verdicts(checked: Checked): Verdict[] {
  const answers: [Check, Verdict | 'quiet' | 'unknown'][] = [
    ['stores', redisDown(checked)],
    ['worker', workerSilent(checked)],
    ['hit rate', hitRate(checked)],
    ['cost', costRose(checked)],
    ['errors', errors(checked)],
    ['memory', memoryNearlyFull(checked)],
    ['evictions', evictions(checked)],
    ['prices', unpriced(checked)],
  ]
  const found = answers.flatMap(([, answer]) => (typeof answer === 'object' ? [answer] : []))
  found.push(...budgetsTold(checked.budgets ?? []))
  if (checked.boards?.length) found.push({ kind: 'boards-differ', severity: 'warn', boards: checked.boards })
  if (checked.missing?.tenants) found.push({ kind: 'recall-below-target', severity: 'warn', ...checked.missing })
  if (checked.waiting) found.push({ kind: 'approval-waits', severity: 'warn', ...checked.waiting })
  const quiet = answers.flatMap(([check, answer]) => (answer === 'quiet' ? [check] : []))
  const rank = { bad: 0, warn: 1, ok: 2 }
  found.sort((a, b) => rank[a.severity] - rank[b.severity])
  return quiet.length === 0 ? found : [...found, { kind: 'quiet', severity: 'ok', checks: quiet }]
}

function budgetsTold(budgets: ToldBudget[]): Verdict[] {
  const usedUp = budgets.filter(({ exhaustedAt }) => exhaustedAt === null)
  const foreseen = budgets.flatMap(({ exhaustedAt, ...rest }) =>
    exhaustedAt === null ? [] : [{ exhaustedAt, ...rest }],
  )
  const [first] = foreseen.toSorted((a, b) => Date.parse(a.exhaustedAt) - Date.parse(b.exhaustedAt))
  const names = (of: { name: string }[]) => of.map(({ name }) => name)
  return [
    ...(usedUp.length > 0 ? [{ kind: 'budget-used-up', severity: 'bad', names: names(usedUp) } as const] : []),
    ...(first
      ? [
          {
            ...({ kind: 'budget-will-be-used-up', severity: 'warn' } as const),
            names: names(foreseen),
            earliest: first.exhaustedAt,
            timezone: first.timezone,
          },
        ]
      : []),
  ]
}

type Answer = Verdict | 'quiet' | 'unknown'

const redisDown = ({ redisDownSince }: Checked): Answer =>
  redisDownSince ? { kind: 'redis-down', severity: 'bad', since: redisDownSince } : 'quiet'

function workerSilent({ live, now, newestSampleAt, redisDownSince }: Checked): Answer {
  // Without Redis there is nothing to sample, and no telling whether the worker lives.
  if (!live || redisDownSince) return 'unknown'
  const silentMs = newestSampleAt ? now.getTime() - Date.parse(newestSampleAt) : Infinity
  if (silentMs <= thresholds.workerSilentSeconds * 1000) return 'quiet'
  return { kind: 'worker-silent', severity: 'bad', newestAt: newestSampleAt }
}

/** Of the whole Redis; where that shows nothing, of the family that fell most: each is a small part of a busy Redis. */
function hitRate(checked: Checked): Answer {
  const whole = hitRateFell(checked)
  if (typeof whole === 'object') return whole
  const parts = (checked.families ?? []).map(({ family, lookups }) => {
    const part = hitRateFell({ ...checked, lookups, lookupsBefore: null })
    return typeof part === 'object' && part.kind === 'hit-rate-fell' ? { ...part, family } : part
  })
  const fell = parts.flatMap((part) => (typeof part === 'object' && part.kind === 'hit-rate-fell' ? [part] : []))
  const [deepest] = fell.sort((a, b) => b.was - b.now - (a.was - a.now))
  return deepest ?? ([whole, ...parts].includes('quiet') ? 'quiet' : 'unknown')
}

function hitRateFell(checked: Checked): Answer {
  const step = largestStep(checked.lookups, -1, thresholds.stepMinCount)
  if (!step || !isFall(step)) return hitRateLower(checked)
  const { was, now, index } = step
  return { kind: 'hit-rate-fell', severity: 'bad', was: was.ratio, now: now.ratio, ...causeOf(checked, index) }
}

/** No step within the range, but perhaps one before it: the whole against the window before. */
function hitRateLower({ lookups, lookupsBefore }: Checked): Answer {
  const [now, was] = [totalOf(lookups), lookupsBefore]
  const comparable = was && Math.min(was.whole, now.whole) >= thresholds.stepMinCount
  if (!comparable) return enough(lookups)
  const step = { was: { ...was, ratio: was.part / was.whole }, now: { ...now, ratio: now.part / now.whole } }
  if (!isFall(step)) return 'quiet'
  return { kind: 'hit-rate-lower', severity: 'bad', was: step.was.ratio, now: step.now.ratio }
}

/** Deep enough to matter, and too deep for chance. */
const isFall = (step: Pick<Step, 'was' | 'now'>) =>
  step.was.ratio - step.now.ratio >= thresholds.hitRateFallPoints &&
  standardErrors(step) >= thresholds.stepStandardErrors

function costRose(checked: Checked): Answer {
  const step = largestStep(checked.costs, 1, thresholds.stepMinCount)
  if (!step) return enough(checked.costs)
  const { was, now, index } = step
  const large = now.ratio >= was.ratio * (1 + thresholds.costPerRequestRiseShare)
  if (!large || scatteredErrors(checked.costs, step) < thresholds.stepStandardErrors) return 'quiet'
  return { kind: 'cost-rose', severity: 'bad', was: was.ratio, now: now.ratio, ...causeOf(checked, index) }
}

/** Without a step there is either none, or too little to see one. */
function enough(buckets: (Ratio | null)[]): Answer {
  return totalOf(buckets).whole >= 2 * thresholds.stepMinCount ? 'quiet' : 'unknown'
}

const totalOf = (buckets: (Ratio | null)[]): Ratio =>
  buckets.reduce<Ratio>((sum, one) => ({ part: sum.part + (one?.part ?? 0), whole: sum.whole + (one?.whole ?? 0) }), {
    part: 0,
    whole: 0,
  })

/** When a step happened, and the newest activation right before it or within its first bucket. */
function causeOf({ bucketStart, activations }: Checked, index: number) {
  const [from, to] = [bucketStart(index), bucketStart(index + 1)]
  const near = activations.filter(({ at }) => {
    const t = Date.parse(at)
    return t >= from - thresholds.activationBeforeStepSeconds * 1000 && t < to
  })
  const after = near.reduce<Activation | null>((newest, one) => (!newest || one.at > newest.at ? one : newest), null)
  return { at: new Date(after ? Math.max(from, Date.parse(after.at)) : from).toISOString(), after }
}

function errors({ usage }: Checked): Answer {
  if (!usage || usage.requests === 0) return 'unknown'
  const share = usage.errors / usage.requests
  return share > thresholds.errorShare ? { kind: 'errors', severity: 'bad', share, requests: usage.requests } : 'quiet'
}

function memoryNearlyFull({ redis }: Checked): Answer {
  if (!redis) return 'unknown'
  const { usedMemoryBytes: usedBytes, maxMemoryBytes: maxBytes, maxMemoryPolicy: policy } = redis
  return maxBytes > 0 && usedBytes > maxBytes * thresholds.memoryShare
    ? { kind: 'memory-nearly-full', severity: 'warn', usedBytes, maxBytes, policy }
    : 'quiet'
}

function evictions({ redis }: Checked): Answer {
  if (!redis || redis.evicted === null) return 'unknown'
  const { evicted, maxMemoryPolicy: policy, liveSessions: sessions } = redis
  // Redis is the only place where sessions are: a policy that may evict any key may log people out.
  if (sessions > 0 && policy.startsWith('allkeys-') && redis.maxMemoryBytes > 0)
    return { kind: 'sessions-evictable', severity: 'warn', sessions, policy, evicted }
  return evicted > 0 ? { kind: 'evictions', severity: 'warn', evicted, policy } : 'quiet'
}

function unpriced({ usage }: Checked): Answer {
  if (!usage || usage.requests === 0) return 'unknown'
  return usage.unpriced > 0 ? { kind: 'unpriced', severity: 'warn', requests: usage.unpriced } : 'quiet'
}
