import { describe, expect, it } from 'vitest'
import type { VersionFigures } from '@/server/services/prompts/activation-impact'
import { prepareImpact } from './prepare-impact'

const figures = (change: Partial<VersionFigures> = {}): VersionFigures => ({
  requests: 1_000,
  errors: 4,
  cached: 800,
  priced: 1_000,
  costPer1000Usd: '3.41',
  cost: { mean: 0.00341, deviation: 0.0005 },
  tokens: { mean: 1_200, deviation: 100 },
  latencyP95Ms: 1_310,
  timed: 200,
  ...change,
})
const plain = (text: string) => text.replace(/\u00a0/g, ' ')
const changes = (before: VersionFigures | null, after: VersionFigures) =>
  Object.fromEntries(prepareImpact(before, after).map(({ key, change, worse }) => [key, [plain(change), worse]]))

describe('before and after', () => {
  it('says what got worse, by how much and how surely', () => {
    const after = figures({
      requests: 950,
      cached: 608,
      costPer1000Usd: '4.06',
      cost: { mean: 0.00406, deviation: 0.0005 },
      latencyP95Ms: 1_840,
    })
    expect(changes(figures(), after)).toEqual({
      requests: ['−5.0 %', false],
      hits: ['−16.0 ± 3.9', true],
      cost: ['+19 % ± 1.4', true],
      tokens: ['no difference', false],
      latency: ['+530 ms', true],
      errors: ['no difference', false],
    })
  })

  it('what got better is no alarm', () => {
    const after = figures({ errors: 0, cost: { mean: 0.002, deviation: 0.0005 }, latencyP95Ms: 900, cached: 900 })
    expect(Object.values(changes(figures(), after)).some(([, worse]) => worse)).toBe(false)
  })

  it('R12: with few requests on either side there is no difference to show, only "not enough data yet"', () => {
    const few = figures({ requests: 29, priced: 29, timed: 3 })
    for (const [change, worse] of Object.values(changes(figures(), few)))
      expect([change, worse]).toEqual(['not enough data yet', false])
  })

  it('R7: what has no price has no cost, and where nothing was live before there is nothing to compare', () => {
    const rows = prepareImpact(
      null,
      figures({ priced: 0, costPer1000Usd: null, cost: { mean: null, deviation: null } }),
    )
    expect(rows.find(({ key }) => key === 'cost')).toMatchObject({ before: '–', after: '–', change: '–', n: [0, 0] })
  })
})
