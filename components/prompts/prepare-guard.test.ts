import { describe, expect, it } from 'vitest'
import type { GuardedRollout, LimitVerdict } from '@/server/services/prompts/guarded-rollout.schema'
import { prepareGuard, usualGuard } from './guard-draft'
import { guardSteps, limitRows, untilText } from './prepare-guard'

const plain = (text: string) => text.replace(/\u00a0/g, ' ')
const at = '2026-11-12T14:00:00.000Z'
const guard: GuardedRollout = {
  ...{ id: '6f1c7b0e-5f6f-4c3c-9b43-0c7c0a6e2a55', version: 2, baseVersion: 1, state: 'running' },
  ...{ steps: [5, 25, 50, 100], step: 1, stepStartedAt: at, observeSeconds: 600, minRequests: 200, revision: 3 },
  limits: { costPercent: 20, latencyP95Percent: 30, errorRatePoints: 1, hitRatePoints: 5 },
  ...{ verdict: null, startedBy: 'ci', startedAt: at, endedAt: null, endedReason: null },
}
const limit = (change: Partial<LimitVerdict>): LimitVerdict => ({
  ...{ limit: 'cost', unit: 'percent', allowed: 20, n: { base: 4_120, candidate: 812 } },
  ...{ change: 34, low: 21, high: 48, verdict: 'breached', why: null },
  ...change,
})

describe('the guard of a rollout', () => {
  it('shows which steps are passed, reached and ahead', () => {
    expect(guardSteps(guard).map(({ state }) => state)).toEqual(['done', 'served', 'ahead', 'ahead'])
    expect(guardSteps({ ...guard, step: 3, state: 'completed' }).map(({ state }) => state)).toEqual([
      'done',
      'done',
      'done',
      'done',
    ])
  })

  it('shows at which step it was rolled back', () => {
    expect(guardSteps({ ...guard, state: 'rolled_back' }).map(({ state }) => state)).toEqual([
      'done',
      'undone',
      'ahead',
      'ahead',
    ])
  })

  it('R12: shows each limit with figure, interval, limit and counts', () => {
    const [row] = limitRows([limit({})])
    expect(row && { ...row, change: plain(row.change), detail: plain(row.detail) }).toEqual({
      ...{ limit: 'cost', label: 'Cost per request', change: '+34 %', verdict: 'breached', tone: 'bad' },
      detail: '+21 to +48 % · limit +20 % · n 812 of 4,932',
    })
    const hits = limitRows([
      limit({ limit: 'hitRate', unit: 'points', allowed: -5, change: -7.1, low: -9, high: -5.2 }),
    ])[0]
    expect([plain(hits?.change ?? ''), plain(hits?.detail ?? '')]).toEqual([
      '−7.1 points',
      '−9.0 to −5.2 points · limit −5 points · n 812 of 4,932',
    ])
  })

  it('R12: says what is missing where there is no figure', () => {
    const [row] = limitRows([
      limit({
        change: null,
        low: null,
        high: null,
        verdict: 'not enough yet',
        why: 'needs 30 calls with a known price of each version',
      }),
    ])
    expect(row).toMatchObject({ change: '–', tone: 'neutral' })
    expect(plain(row?.detail ?? '')).toBe('needs 30 calls with a known price of each version · limit +20 %')
  })

  it('says how long it is until the step is judged, and nothing once it ended', () => {
    const now = Date.parse(at)
    expect(plain(untilText(guard, now + 60_000) ?? '')).toBe('judged in 9 min')
    expect(untilText(guard, now + 700_000)).toBe('being judged')
    const verdict = { decidesAt: '2026-11-12T14:20:00.000Z' } as GuardedRollout['verdict']
    expect(plain(untilText({ ...guard, verdict }, now + 700_000) ?? '')).toBe('judged in 8 min 20 s')
    expect(untilText({ ...guard, state: 'stopped' }, now)).toBeNull()
  })
})

describe('a guard as it is typed', () => {
  const errors = (change: Partial<typeof usualGuard>) => [...prepareGuard(2, { ...usualGuard, ...change }).errors]

  it('begins with the usual one', () => {
    expect(prepareGuard(2, usualGuard)).toEqual({
      guard: {
        ...{ version: 2, steps: [5, 25, 50, 100], observeSeconds: 600, minRequests: 200 },
        limits: { costPercent: 20, latencyP95Percent: 30, errorRatePoints: 1, hitRatePoints: 5 },
      },
      errors: new Map(),
    })
    expect(prepareGuard(2, { ...usualGuard, steps: '10 100', hits: '', errors: '0,5' }).guard).toMatchObject({
      ...{ steps: [10, 100], limits: { hitRatePoints: null, errorRatePoints: 0.5 } },
    })
  })

  it('R13: names the field that is wrong', () => {
    expect(errors({ steps: '5, 50' })).toEqual([['steps', 'Must end with 100.']])
    expect(errors({ steps: '50, 5, 100' })).toEqual([['steps', 'Must rise from each step to the next.']])
    expect(errors({ cost: 'a fifth' })).toEqual([['cost', 'Must be a number.']])
    expect(errors({ cost: '', latency: '', errors: '', hits: '' })).toEqual([
      ['hits', 'Must leave at least one limit to watch.'],
    ])
    expect(errors({ requests: '5', minutes: '' }).map(([field]) => field)).toEqual(['minutes', 'requests'])
  })
})
