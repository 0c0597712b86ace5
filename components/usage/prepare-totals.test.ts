import { describe, expect, it } from 'vitest'
import type { UsageTotals } from '@/server/services/usage/usage-totals'
import { prepareTotals } from './prepare-totals'

const none: UsageTotals['before'] = {
  ...{ requests: 0, errors: 0, cacheHits: 0, inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
  ...{ cacheWriteTokens: 0, costUsd: '0', unpriced: 0 },
  latencyMs: { calls: 0, mean: null, p50: null, p95: null, p99: null, ttftP50: null, ttftP95: null, exact: true },
}
const some: UsageTotals['during'] = {
  ...{ requests: 200, errors: 4, cacheHits: 50, inputTokens: 1_000, outputTokens: 80, cachedInputTokens: 250 },
  ...{ cacheWriteTokens: 0, costUsd: '1.5', unpriced: 0 },
  latencyMs: { calls: 150, mean: null, p50: 100, p95: 900, p99: 1_400, ttftP50: null, ttftP95: null, exact: true },
}
const earlier = 'the 6 h before'
const shown = (totals: Pick<UsageTotals, 'during' | 'before'>) => {
  const { money, tokens, latency } = prepareTotals(totals, earlier)
  return Object.fromEntries(
    [...money, ...tokens, ...latency].map(({ label, figure, remark }) => [
      label,
      [`${figure.value}${figure.unit}`, remark],
    ]),
  )
}

describe('the totals of a range', () => {
  it('R12: claim no change where there were no calls before', () => {
    const figures = shown({ during: some, before: none })
    expect(figures.Cost).toEqual(['$1.50', 'no calls in the 6 h before'])
    expect(figures['Error rate']).toEqual(['2.0%', 'no calls in the 6 h before'])
    expect(figures['Latency p95']).toEqual(['900ms', 'no calls in the 6 h before'])
  })

  it('say by how much they changed, shares in points', () => {
    const before = { ...some, requests: 100, costUsd: '1', latencyMs: { ...some.latencyMs, p95: 600 } }
    const figures = shown({ during: some, before })
    expect(figures.Requests).toEqual(['200', '+100\u00a0% on the 6 h before'])
    expect(figures.Cost?.[1]).toBe('+50\u00a0% on the 6 h before')
    expect(figures['Error rate']?.[1]).toBe('\u22122.0 points on the 6 h before')
    expect(figures['Latency p95']?.[1]).toBe('+50\u00a0% on the 6 h before')
  })

  it('say how many times as much from tenfold on', () => {
    const before = { ...some, requests: 2, costUsd: '0.1' }
    const figures = shown({ during: some, before })
    expect(figures.Requests?.[1]).toBe('100 times the 6 h before')
    expect(figures.Cost?.[1]).toBe('15 times the 6 h before')
  })

  it('R7: split the input once, into fresh and cached', () => {
    const figures = shown({ during: some, before: some })
    expect([figures['Input, fresh']?.[0], figures['Input, cached']?.[0]]).toEqual(['750', '250'])
  })

  it('R7: are unpriced, not free, where nothing had a price; without a latency where none was told', () => {
    const during = { ...some, costUsd: '0', unpriced: 200, latencyMs: none.latencyMs }
    const figures = shown({ during, before: some })
    expect(figures.Cost).toEqual(['unpriced', 'no call has a price'])
    expect(figures['Latency p50']).toEqual(['–', undefined])
  })
})
