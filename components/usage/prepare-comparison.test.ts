import { describe, expect, it } from 'vitest'
import type { UsageComparison } from '@/server/services/usage/compare-usage'
import { prepareComparison } from './prepare-comparison'

type Figures = UsageComparison['is']['figures']
const was: Figures = {
  ...{
    requests: 1_000,
    errors: 10,
    cacheHits: 500,
    inputTokens: 100_000,
    outputTokens: 5_000,
    cachedInputTokens: 20_000,
  },
  ...{ cacheWriteTokens: 0, costUsd: '2', unpriced: 0 },
  latencyMs: { calls: 500, mean: null, p50: 100, p95: 900, p99: 1_400, ttftP50: null, ttftP95: null, exact: true },
}
const nothing: Figures = {
  ...{ requests: 0, errors: 0, cacheHits: 0, inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
  ...{ cacheWriteTokens: 0, costUsd: '0', unpriced: 0 },
  latencyMs: { calls: 0, mean: null, p50: null, p95: null, p99: null, ttftP50: null, ttftP95: null, exact: true },
}
const rowsOf = (before: Figures, after: Figures) =>
  Object.fromEntries(prepareComparison(before, after).map(({ label, ...row }) => [label, row]))

describe('two sides of a comparison', () => {
  it('R12: name the calls behind every figure; unpriced ones are not behind the cost', () => {
    const rows = rowsOf(was, { ...was, requests: 2_000, unpriced: 500, costUsd: '3' })
    expect(rows.Requests).toMatchObject({ was: '1,000', is: '2,000', change: '+100\u00a0%', n: [1_000, 2_000] })
    expect(rows['Cost per 1,000 requests']).toMatchObject({
      ...{ was: '$2.00', is: '$2.00', change: 'no difference', n: [1_000, 1_500], of: 'priced' },
    })
    expect(rows['Latency p95']).toMatchObject({ n: [500, 500], of: 'timed' })
  })

  it('give shares in points and the rest relative to what it was', () => {
    const rows = rowsOf(was, { ...was, errors: 30, latencyMs: { ...was.latencyMs, p95: 990 } })
    expect(rows['Error rate']).toMatchObject({ was: '1.0\u00a0%', is: '3.0\u00a0%', change: '+2.0\u00a0points' })
    expect(rows['Latency p95']?.change).toBe('+10\u00a0%')
  })

  it('R12: claim no difference of latencies that what they may be off by explains', () => {
    const binned = (p95: number) => ({ ...was, latencyMs: { ...was.latencyMs, p95, exact: false } })
    expect(rowsOf(binned(900), binned(930))['Latency p95']?.change).toBe('within ± 2\u00a0%')
    expect(rowsOf(binned(900), binned(990))['Latency p95']?.change).toBe('+10\u00a0%')
  })

  it('make no difference up where one side has nothing', () => {
    const rows = rowsOf(nothing, was)
    expect(rows['Error rate']).toMatchObject({ was: '–', is: '1.0\u00a0%', change: '–', n: [0, 1_000] })
    expect(rows.Requests).toMatchObject({ was: '0', change: 'was nothing' })
    expect(rows['Latency p50']?.was).toBe('–')
  })
})
