import { expect, test } from 'vitest'
import { periodAt, periodBefore } from './period'

const table = [
  // Summer time began in Berlin on 29 March 2026, a day of 23 hours, and ends on 25 October, one of 25.
  ['day', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['day', 'Asia/Kolkata', '2026-11-21T18:30:00Z', '2026-11-21T18:30:00Z', '2026-11-22T18:30:00Z'],
  ['day', 'Asia/Kolkata', '2026-11-21T18:29:59.999Z', '2026-11-20T18:30:00Z', '2026-11-21T18:30:00Z'],
  // Clocks go forward at midnight: the day begins at 01:00 local time.
  ['day', 'America/Santiago', '2026-09-06T12:00:00Z', '2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z'],
  ['week', 'Europe/Berlin', '2026-03-29T21:59:59Z', '2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['week', 'UTC', '2026-01-01T00:00:00Z', '2025-12-29T00:00:00Z', '2026-01-05T00:00:00Z'],
  ['month', 'UTC', '2026-02-28T23:59:59Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'],
  ['month', 'UTC', '2026-01-31T00:00:00Z', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
  ['month', 'America/New_York', '2026-12-01T04:59:59Z', '2026-11-01T04:00:00Z', '2026-12-01T05:00:00Z'],
  ['month', 'Pacific/Kiritimati', '2026-02-28T10:00:00Z', '2026-02-28T10:00:00Z', '2026-03-31T10:00:00Z'],
] as const

test.each(table)('the %s in %s around %s', (period, timezone, now, from, to) => {
  const found = periodAt({ period, timezone, rollingDays: null }, new Date(now))
  expect([found.from, found.to]).toEqual([new Date(from), new Date(to)])
})

test.each(table)('the %s in %s before the one around %s ends where that begins', (period, timezone, now) => {
  const periodic = { period, timezone, rollingDays: null }
  const { from } = periodAt(periodic, new Date(now))
  const before = periodBefore(periodic, new Date(now))
  expect(before.to).toEqual(from)
  expect(before).toEqual(periodAt(periodic, before.from))
})

test('a rolling period ends now and begins on a full hour', () => {
  const periodic = { period: 'rolling', timezone: 'Asia/Kolkata', rollingDays: 7 } as const
  const now = new Date('2026-11-21T12:34:56Z')
  expect(periodAt(periodic, now)).toEqual({ from: new Date('2026-11-14T12:00:00Z'), to: now })
  expect(periodBefore(periodic, now).from).toEqual(new Date('2026-11-07T12:00:00Z'))
})
