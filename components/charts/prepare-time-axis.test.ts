import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeTicks } from './prepare-time-axis'

const span = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) })
const labels = (from: string, to: string, zone: string, most = 7) =>
  timeTicks(span(from, to), zone, most).map((tick) => tick.label)

describe('timeTicks', () => {
  it('stands on round hours of the reader', () => {
    expect(labels('2026-11-12T07:50:00Z', '2026-11-12T13:50:00Z', 'Europe/Berlin')).toEqual([
      '09:00',
      '10:00',
      '11:00',
      '12:00',
      '13:00',
      '14:00',
    ])
    expect(labels('2026-11-12T00:10:00Z', '2026-11-12T06:10:00Z', 'Asia/Kolkata')[0]).toBe('06:00')
  })

  it('names the day at midnight', () => {
    expect(labels('2026-11-11T18:00:00Z', '2026-11-12T06:00:00Z', 'UTC', 4)).toEqual([
      '18:00',
      '21:00',
      '12 Nov',
      '03:00',
      '06:00',
    ])
  })

  it('keeps to midnight when the clocks change', () => {
    expect(labels('2026-10-23T22:00:00Z', '2026-10-27T23:00:00Z', 'Europe/Berlin', 6)).toEqual([
      '24 Oct',
      '25 Oct',
      '26 Oct',
      '27 Oct',
      '28 Oct',
    ])
    const ticks = timeTicks(span('2026-10-23T22:00:00Z', '2026-10-27T23:00:00Z'), 'Europe/Berlin', 6)
    expect(new Date(ticks[2]?.t ?? 0).toISOString()).toBe('2026-10-25T23:00:00.000Z')
  })

  it('is rising, within the span, and never crowded', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 10_000, max: 3e10 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia'),
        (from, length, most, zone) => {
          const ticks = timeTicks({ from, to: from + length }, zone, most)
          expect(ticks.length).toBeLessThanOrEqual(most + 2)
          ticks.forEach((tick, i) => {
            expect(tick.at).toBeGreaterThanOrEqual(0)
            expect(tick.at).toBeLessThanOrEqual(1)
            expect(tick.t).toBeGreaterThan(ticks[i - 1]?.t ?? -Infinity)
          })
        },
      ),
    )
  })
})
