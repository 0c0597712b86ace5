import { describe, expect, it } from 'vitest'
import type { Touched } from '@/server/services/prompts/touched-by-change'
import { touchedLabels, touchedRows } from './prepare-touched'

const touched: Touched = {
  served: [12],
  leaving: [12],
  traffic: { missing: null, requests: 1_800, perMinute: 120 },
  sessions: { missing: null, live: 312, conversations: 400, more: false },
  answers: { missing: null, count: 1_904, costUsd: '6.497700000000', priced: 900 },
  includers: { missing: null, names: [], total: 0 },
  approval: { missing: null, required: false },
  asOf: '2026-11-02T10:00:00.000Z',
}
const shown = (change: Partial<Touched> = {}) =>
  touchedRows({ ...touched, ...change }).map(({ figure, aside }) => [figure.missing ?? figure.value, aside])

describe('what a change touches', () => {
  it('is said with its price', () => {
    expect(touchedRows(touched).map(({ label }) => label)[1]).toBe('Live sessions on v12')
    expect(shown()).toEqual([
      ['120', undefined],
      ['312', undefined],
      ['at most 1,904', '≈ $6.50'],
      ['none', undefined],
      ['not required', undefined],
    ])
  })

  it('every figure can say where it came from, and its age', () => {
    for (const { source } of touchedRows(touched)) expect(source?.asOf).toBe(touched.asOf)
  })

  it('says why a figure is missing, and nothing is zero that nobody knows', () => {
    expect(
      shown({
        traffic: { missing: 'Postgres does not answer' },
        sessions: { missing: null, live: null, conversations: 0, more: false },
        answers: { missing: null, count: 7, costUsd: null, priced: 0 },
        includers: { missing: null, names: ['a', 'b'], total: 9 },
        approval: { missing: null, required: true },
      }),
    ).toEqual([
      ['Postgres does not answer', undefined],
      ['none known: usage events carry no conversation', undefined],
      ['at most 7', 'unpriced'],
      ['a, b and 7 more', undefined],
      ['by a second person', undefined],
    ])
  })

  it('says at least where not all conversations were looked at', () => {
    expect(shown({ sessions: { missing: null, live: 9_000, conversations: 10_000, more: true } })[1]?.[0]).toBe(
      'at least 9,000',
    )
  })

  it('keeps its rows while it loads', () => {
    expect(touchedLabels).toHaveLength(touchedRows(touched).length)
  })
})
