/** What is known of an installation; null where a figure cannot be had. */
export type ExitFacts = {
  memory: {
    sharedBuffersBytes: number
    cacheBytes: number
    indexes: number
    indexBytes: number
    leastHitRatio: number | null
  }
  build: { tenant: string; rows: number; ms: number; measured: boolean; at: string | null } | null
  vacuum: { counted: false } | { counted: true; longest: { tenant: string; ms: number; vacuums: number } | null }
  locks: { waiting: number; longestMs: number }
  recall: { tenant: string; recall: number | null; target: number; at: string }[]
  share: { memoryMs: number; allMs: number; since: string | null } | null
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** From where on something is amber, and from where on it is red. Units are in the names. */
export const exitThresholds = {
  buildMs: { amber: 10 * MINUTE, red: HOUR },
  vacuumMs: { amber: HOUR, red: 4 * HOUR },
  lockWaitMs: { amber: 1_000, red: 5_000 },
  /** What a search may take at p95 for its recall to count. */
  latencyBudgetMs: 50,
  recallShortOfTarget: { amber: 0, red: 0.05 },
  databaseShare: { amber: 0.5, red: 0.8 },
} as const

export type Tone = 'green' | 'amber' | 'red'
export type ExitCriterion = { key: keyof ExitFacts; tone: Tone | null }

const toneOf = (value: number, { amber, red }: { amber: number; red: number }): Tone =>
  value > red ? 'red' : value > amber ? 'amber' : 'green'

/** Each criterion by its own figure; null where there is none to judge by. */
export function judgeExit({ memory, build, vacuum, locks, recall, share }: ExitFacts): ExitCriterion[] {
  const { sharedBuffersBytes: amber, cacheBytes: red } = memory
  const short = recall.reduce((most, one) => Math.max(most, one.target - (one.recall ?? 0)), -Infinity)
  const longest = vacuum.counted ? vacuum.longest : null
  return [
    { key: 'memory', tone: memory.indexes === 0 ? null : toneOf(memory.indexBytes, { amber, red }) },
    { key: 'build', tone: build && toneOf(build.ms, exitThresholds.buildMs) },
    { key: 'vacuum', tone: longest && toneOf(longest.ms, exitThresholds.vacuumMs) },
    { key: 'locks', tone: toneOf(locks.longestMs, exitThresholds.lockWaitMs) },
    { key: 'recall', tone: recall.length === 0 ? null : toneOf(short, exitThresholds.recallShortOfTarget) },
    {
      key: 'share',
      tone: share && share.allMs > 0 ? toneOf(share.memoryMs / share.allMs, exitThresholds.databaseShare) : null,
    },
  ]
}
