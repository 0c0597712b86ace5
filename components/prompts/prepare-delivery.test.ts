import { describe, expect, test } from 'vitest'
import type { Delivery, DeliveryProcess, DeliveryTime } from '@/server/services/prompts/activation-delivery'
import { confirmedStep, prepareTimes, reasonOf, refreshPace, timeText } from './prepare-delivery'

const delivery: Delivery = {
  revision: 41,
  committedAt: '2026-11-12T14:02:11.204Z',
  appliedAt: '2026-11-12T14:02:11.210Z',
  asked: 8,
  confirmed: 8,
  waiting: 0,
  confirmedMs: 84,
  waitingMs: 120,
  forgotten: false,
  processes: [],
  asOf: '2026-11-12T14:02:12.000Z',
}
const waiting = { ...delivery, confirmed: 6, waiting: 2, confirmedMs: 31 }
const process: DeliveryProcess = {
  id: 'g',
  role: 'gateway',
  name: 'gateway-1a2b',
  state: 'waiting',
  afterMs: null,
  serves: 40,
}
const time: DeliveryTime = {
  revision: 41,
  version: 12,
  at: delivery.committedAt,
  asked: 2,
  confirmed: 2,
  waiting: 0,
  confirmedMs: 84, // prettier-ignore
}

describe('the third step', () => {
  test('says how many confirmed and when the last one did', () =>
    expect(confirmedStep(delivery)).toEqual({ done: true, headline: 'Served everywhere', text: '8 of 8, +84\u00a0ms' }))
  test('says how long the others are waited for', () =>
    expect(confirmedStep(waiting)).toMatchObject({ done: false, text: '6 of 8, 120\u00a0ms so far' }))
  test('leaves out who ended meanwhile', () =>
    expect(confirmedStep({ ...delivery, confirmed: 7 })).toMatchObject({ done: true, text: '7 of 7, +84\u00a0ms' }))
  test('claims nothing where nobody was asked, and nothing where it was forgotten', () => {
    const nobody = { ...delivery, asked: 0, confirmed: 0, confirmedMs: null }
    expect(confirmedStep(nobody).text).toBe('no gateway and no SDK was running')
    expect(confirmedStep({ ...nobody, forgotten: true }).text).toBe('who confirmed it is no longer kept')
    expect(confirmedStep({ ...nobody, asked: 2 })).toMatchObject({
      headline: null,
      text: 'all that ran have ended since',
    })
  })
})

test('a reason is given for who is waited for longer than promised, and no comfort before Redis was told', () => {
  const late = { ...waiting, waitingMs: 900 }
  expect(reasonOf(process, waiting)).toBeNull()
  expect(reasonOf(process, late)).toMatch(/without a copy/)
  expect(reasonOf({ ...process, role: 'sdk' }, late)).toMatch(/has not said/)
  expect(reasonOf(process, { ...late, appliedAt: null })).toMatch(/live before/)
  expect(reasonOf({ ...process, state: 'gone' }, late)).toMatch(/ended/)
})

test('refreshes often for a minute while somebody is waited for, then calmly, and then no more', () => {
  expect(refreshPace(waiting)).toBe(250)
  expect(refreshPace({ ...delivery, appliedAt: null })).toBe(250)
  expect(refreshPace({ ...waiting, asOf: '2026-11-12T14:03:12.000Z' })).toBe(10_000)
  expect(refreshPace(delivery)).toBe(false)
})

describe('the newest activations', () => {
  test('are bars against the slowest, cut off at the promise; what was not confirmed is a gap, not a zero', () => {
    const open = { ...time, revision: 42, confirmed: 1, waiting: 1 }
    const slow = { ...time, revision: 43, confirmedMs: 900 }
    const { bars, n, medianMs, slowestMs } = prepareTimes([time, open, slow])
    expect(bars.map(({ share, late }) => [share, late])).toEqual([
      [84 / 250, false],
      [null, false],
      [1, true],
    ])
    expect([n, medianMs, slowestMs]).toEqual([2, 84, 900])
    expect(prepareTimes([{ ...time, confirmedMs: 40 }]).bars[0]?.share).toBe(1)
    expect(prepareTimes([{ ...time, confirmedMs: 0 }]).bars[0]?.share).toBe(0)
    expect(prepareTimes([open])).toMatchObject({ n: 0, medianMs: null, slowestMs: null })
  })
  test('say in a word how they went', () => {
    expect(timeText(time)).toBe('84\u00a0ms')
    expect(timeText({ ...time, waiting: 1 })).toBe('1 not confirmed')
    expect(timeText({ ...time, asked: 0, confirmed: 0, confirmedMs: null })).toBe('nobody was asked')
    expect(timeText({ ...time, confirmed: 0, confirmedMs: null })).toBe('all ended since')
  })
})
