import { expect, it } from 'vitest'
import { loadVerdict } from './load-verdict'
import { sideOf } from './run-duels'

const load = (peakPerSecond: number) => ({ reads: 1, writes: 1, deletes: 0, peakPerSecond })
const duel = { against: 'unlogged' as const, sides: [sideOf('redis', [1], 0.0001), sideOf('unlogged', Array.from({ length: 900 }, () => 1), 0.1)] } // prettier-ignore

it('says whether Postgres alone carries the peak, with room', () => {
  expect(loadVerdict(load(300), duel)).toEqual({ kind: 'postgres', peakPerSecond: 300, times: 30, against: 'unlogged' })
  expect(loadVerdict(load(6_000), duel).kind).toBe('tight')
  expect(loadVerdict(load(10_000), duel).kind).toBe('redis')
})

it('says nothing without a load or a duel', () => {
  expect(loadVerdict(load(0), duel)).toEqual({ kind: 'no_load' })
  expect(loadVerdict(load(5), null)).toEqual({ kind: 'no_duel', peakPerSecond: 5 })
})

it('percentiles are by nearest rank', () => {
  expect(sideOf('redis', Array.from({ length: 200 }, (_, n) => 200 - n), 2)).toEqual({ store: 'redis', operations: 200, seconds: 2, perSecond: 100, p50Ms: 100, p99Ms: 198 }) // prettier-ignore
})
