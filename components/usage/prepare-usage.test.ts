import { describe, expect, it } from 'vitest'
import type { UsageSeries } from '@/server/services/usage/usage-series'
import { cacheSeries, costSeries, errorSeries, latencySeries, spanOf, tokenSeries } from './prepare-usage'

const HOUR = 3_600_000
const start = Date.parse('2026-02-01T10:00:00Z')
const figures = {
  ...{ requests: 2, errors: 1, cacheHits: 1, inputTokens: 100, cachedInputTokens: 40, outputTokens: 7 },
  ...{ costUsd: '0.25', unpriced: 1, p50: 90, p95: 120, p99: null },
}
const nothing = {
  ...{ requests: 0, errors: 0, cacheHits: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
  ...{ costUsd: '0', unpriced: 0, p50: null, p95: null, p99: null },
}
const usage: UsageSeries = {
  asOf: '2026-02-01T11:30:00.000Z',
  from: '2026-02-01T10:00:00.000Z',
  to: '2026-02-01T12:15:00.000Z',
  step: '1h',
  latencyExact: true,
  buckets: [
    { start, figures },
    { start: start + HOUR, figures: nothing },
    { start: start + 2 * HOUR, figures: null },
  ],
  marks: [],
}

describe('usage over time', () => {
  it('stacks every token once: cached input is part of the input', () => {
    expect(tokenSeries(usage).map(({ points }) => points[0]?.v)).toEqual([60, 40, 7])
  })

  it('R12: is zero where nothing was reported, and a gap where the time has not come', () => {
    expect(costSeries(usage)[0]?.points.map(({ v }) => v)).toEqual([0.25, 0, null])
  })

  it('R7: is a gap, not a zero, where no call had a price', () => {
    const buckets = [{ start, figures: { ...figures, costUsd: '0', unpriced: 2 } }]
    expect(costSeries({ ...usage, buckets })[0]?.points[0]?.v).toBeNull()
  })

  it('R12: has no share of nothing: a gap in rates and latencies where nothing was asked', () => {
    expect(errorSeries(usage)[0]?.points.map(({ v }) => v)).toEqual([0.5, null, null])
    expect(cacheSeries(usage).map(({ points }) => points.map(({ v }) => v))).toEqual([
      [0.5, null, null],
      [0.4, null, null],
    ])
    expect(latencySeries(usage).map(({ points }) => points[0]?.v)).toEqual([90, 120, null])
  })

  it('puts the points of lines where the middles of the bars stand', () => {
    expect(errorSeries(usage)[0]?.points.map(({ t }) => t)).toEqual([0.5, 1.5, 2.5].map((n) => start + n * HOUR))
  })

  it('spans whole buckets, so that the last bar is not cut', () => {
    expect(spanOf(usage)).toEqual({ from: start, to: start + 3 * HOUR })
  })
})
