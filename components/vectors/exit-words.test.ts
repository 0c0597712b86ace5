import { expect, it } from 'vitest'
import type { ExitReport } from '@/server/services/vectors/exit-criteria'
import { verdictOf } from './exit-screen'
import { exitLines } from './exit-words'

const nothing = {
  memory: { sharedBuffersBytes: 1024 ** 3, cacheBytes: 4 * 1024 ** 3, indexes: 0, indexBytes: 0, leastHitRatio: null },
  build: null,
  vacuum: { counted: false as const },
  locks: { waiting: 0, longestMs: 0 },
  recall: [],
  share: null,
}
const thresholds: ExitReport['thresholds'] = {
  buildMs: { amber: 600_000, red: 3_600_000 },
  vacuumMs: { amber: 3_600_000, red: 14_400_000 },
  lockWaitMs: { amber: 1_000, red: 5_000 },
  latencyBudgetMs: 50,
  recallShortOfTarget: { amber: 0, red: 0.05 },
  databaseShare: { amber: 0.5, red: 0.8 },
}
const linesOf = (facts: ExitReport['facts'], tones: Partial<Record<keyof ExitReport['facts'], 'green' | 'red'>>) =>
  exitLines({
    asOf: '2026-01-01T00:00:00.000Z',
    facts,
    criteria: (['memory', 'build', 'vacuum', 'locks', 'recall', 'share'] as const).map((key) => ({
      key,
      tone: tones[key] ?? null,
    })),
    thresholds,
  })

it('R12: a figure that cannot be had says why, and every line names its thresholds, their origin and a remedy', () => {
  for (const line of linesOf(nothing, { locks: 'green' })) {
    expect(line.figure === null).toBe(line.why !== null)
    for (const text of [line.thresholds, line.origin, line.remedy, line.source.from]) expect(text).toMatch(/\w/)
  }
  expect(verdictOf(linesOf(nothing, { locks: 'green' }))).toMatchObject({
    severity: 'ok',
    note: expect.stringContaining('Not known'),
  })
})

it('says what speaks for leaving', () => {
  const recall = [{ tenant: 'acme', recall: 0.7, target: 0.95, at: '2026-01-01T00:00:00.000Z' }]
  const lines = linesOf({ ...nothing, recall }, { recall: 'red' })
  expect(lines.find(({ key }) => key === 'recall')?.figure).toBe('1 of 1 fall short; the least: acme, 0.700 of 0.95')
  expect(verdictOf(lines)).toMatchObject({
    severity: 'bad',
    text: expect.stringMatching(/^1 of 6 speaks for leaving: recall within 50/),
  })
})
