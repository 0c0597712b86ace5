/** Shorter stretches without samples are bridged by the next delta, and are no gap to anybody. */
const SHORTEST_GAP_MS = 30_000
/** A worker reports every 5 s; its last report may lie that far from either end of what it covers. */
const REPORT_SLACK_MS = 20_000

export type SampleBreak = {
  at: Date
  runId: string
  uptimeSeconds: number
  beforeAt: Date | null
  beforeRunId: string | null
}
export type WorkerLife = { startedAt: Date; seenAt: Date }

/** Why there are no samples. `unknown`: either store or worker, and nobody is left who could tell. */
export type GapReason = 'redis-away' | 'worker-away' | 'never-sampled' | 'not-kept' | 'unknown'
/** Epoch milliseconds. */
export type SampleGap = { from: number; to: number; reason: GapReason }

export type SampleHistory = {
  from: Date
  to: Date
  now: Date
  oldestAt: Date | null
  newestAt: Date | null
  breaks: SampleBreak[]
  workers: WorkerLife[]
  /** Samples older than this are pruned. */
  keptSince: Date
}

/** The stretches of a range that have no samples, oldest first, each with its reason (R12). */
export function sampleGaps(history: SampleHistory): SampleGap[] {
  const { from, to, now, oldestAt, newestAt, breaks, workers, keptSince } = history
  const end = Math.min(to.getTime(), now.getTime())
  if (!oldestAt || !newestAt)
    return end > from.getTime() ? [{ from: from.getTime(), to: end, reason: 'never-sampled' }] : []

  const between = breaks.flatMap(({ at, beforeAt }) =>
    beforeAt ? [{ from: beforeAt.getTime(), to: at.getTime() }] : [],
  )
  const after = { from: newestAt.getTime(), to: now.getTime() }
  const gaps = [...between, after]
    .filter((gap) => gap.to - gap.from > SHORTEST_GAP_MS)
    .map((gap) => ({ ...gap, reason: reasonOf(gap, workers) }))
  if (from < oldestAt)
    gaps.push({
      from: from.getTime(),
      to: oldestAt.getTime(),
      // Pruning leaves the oldest sample near the border; one that lies later is the first ever taken.
      reason: oldestAt.getTime() - keptSince.getTime() < 2 * 3_600_000 ? 'not-kept' : 'never-sampled',
    })
  return gaps
    .map((gap) => ({ ...gap, from: Math.max(gap.from, from.getTime()), to: Math.min(gap.to, end) }))
    .filter((gap) => gap.to > gap.from)
    .sort((a, b) => a.from - b.from)
}

function reasonOf({ from, to }: { from: number; to: number }, workers: WorkerLife[]): GapReason {
  const lives = workers.map(({ startedAt, seenAt }) => ({ from: startedAt.getTime(), to: seenAt.getTime() }))
  // A worker that ran all the time and took no sample had nobody to ask.
  if (lives.some((life) => life.from <= from + REPORT_SLACK_MS && life.to >= to - REPORT_SLACK_MS)) return 'redis-away'
  const borders = lives.some((life) => within(life.to, from, to) || within(life.from, from, to))
  return borders ? 'worker-away' : 'unknown'
}

const within = (instant: number, from: number, to: number) =>
  instant >= from - REPORT_SLACK_MS && instant <= to + REPORT_SLACK_MS

/** When Redis began anew, oldest first, as epoch milliseconds: its run id changed from one sample to the next. */
export function restarts(breaks: SampleBreak[]): number[] {
  return breaks
    .filter(({ runId, beforeRunId }) => beforeRunId !== null && runId !== beforeRunId)
    .map(({ at, uptimeSeconds, beforeAt }) => Math.max(at.getTime() - uptimeSeconds * 1000, beforeAt?.getTime() ?? 0))
    .sort((a, b) => a - b)
}
