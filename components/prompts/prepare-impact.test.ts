import { describe, expect, it } from 'vitest'
import type { Impact } from '@/server/services/prompts/activation-impact'
import { prepareImpact } from './prepare-impact'

type Figures = NonNullable<Impact['after']>
type Changes = NonNullable<Impact['changes']>

const quantile = (value: number, n = 200) => ({ p: 0.95, n, value, interval: null })
const figures = (change: Partial<Figures> = {}): Figures => ({
  version: 1,
  requests: 1_000,
  errors: 4,
  cached: 800,
  priced: 1_000,
  costPer1000Usd: '3.41',
  cost: { mean: 0.00341, deviation: 0.0005 },
  tokens: { mean: 1_200, deviation: 100 },
  timed: 200,
  latencyP50: quantile(700),
  latencyP95: quantile(1_310),
  ...change,
})
const known = (estimate: number, low: number, high: number): Changes['cost'] => ({
  state: 'known',
  interval: { estimate, low, high },
})
const changes = (change: Partial<Changes> = {}): Changes => ({
  requests: known(0.95, 0.9, 0.99),
  hitRate: known(-0.16, -0.199, -0.121),
  cost: known(1.19, 1.16, 1.22),
  tokens: known(1.001, 0.98, 1.02),
  latencyP50Ms: known(-20, -60, 15),
  latencyP95Ms: known(530, 410, 1_240),
  errorRate: known(0.002, -0.004, 0.008),
  ...change,
})
const plain = (text: string | null) => text?.replace(/\u00a0/g, ' ') ?? null
const judged = (more: Partial<Pick<Impact, 'kind' | 'before' | 'after' | 'changes'>> = {}) => {
  const impact = { kind: 'activate' as const, before: figures(), after: figures(), changes: changes(), ...more }
  return Object.fromEntries(
    prepareImpact(impact).map(({ key, change, interval, tone }) => [key, [plain(change), plain(interval), tone]]),
  )
}

describe('before and after', () => {
  it('says what got worse, by how much and how surely', () => {
    expect(judged()).toEqual({
      requests: ['−5.0 %', '−10 to −1.0 %', 'plain'],
      hitRate: ['−16.0 points', '−19.9 to −12.1 points', 'worse'],
      cost: ['+19 %', '+16 to +22 %', 'worse'],
      tokens: ['no sure change', '−2.0 to +2.0 %', 'unsure'],
      latencyP50Ms: ['no sure change', '−60 to +15 ms', 'unsure'],
      latencyP95Ms: ['+530 ms', '+410 ms to +1.24 s', 'worse'],
      errorRate: ['no sure change', '−0.4 to +0.8 points', 'unsure'],
    })
  })

  it('what got better is no alarm', () => {
    const better = judged({
      changes: changes({
        hitRate: known(0.1, 0.05, 0.15),
        cost: known(0.8, 0.7, 0.9),
        latencyP95Ms: known(-400, -500, -300),
        errorRate: known(-0.01, -0.02, -0.001),
      }),
    })
    expect(Object.values(better).filter(([, , tone]) => tone === 'worse')).toEqual([])
    expect(better.cost).toEqual(['−20 %', '−30 to −10 %', 'plain'])
  })

  it('R12: with too few requests there is no difference to show, only how many it takes', () => {
    const few = judged({ changes: changes({ latencyP95Ms: { state: 'few', needed: 73 }, cost: { state: 'no base' } }) })
    expect(few.latencyP95Ms).toEqual(['not enough data yet', 'needs 73 on either side', 'unsure'])
    expect(few.cost).toEqual(['was nothing', null, 'unsure'])
  })

  it('R7: what has no price has no cost, and where nothing was live before there is nothing to compare', () => {
    const after = figures({ priced: 0, costPer1000Usd: null })
    const rows = prepareImpact({ kind: 'activate', before: null, after, changes: null })
    expect(rows.find(({ key }) => key === 'cost')).toMatchObject({ before: '–', after: '–', change: '–', n: [0, 0] })
  })

  it('of a rollout the requests are a share of both, because the rollout itself sets it', () => {
    const rollout = judged({ kind: 'rollout', before: figures({ requests: 950 }), after: figures({ requests: 50 }) })
    expect(rollout.requests).toEqual(['5.0 % of both', null, 'plain'])
  })
})
