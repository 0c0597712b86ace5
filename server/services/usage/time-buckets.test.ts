import { describe, expect, it } from 'vitest'
import { bucketEdges, localDay, stepFor } from './time-buckets'

const HOUR = 3_600_000
const hours = (edges: Date[]) =>
  edges.slice(1).map((edge, index) => (edge.getTime() - (edges[index]?.getTime() ?? 0)) / HOUR)
const days = (zone: string, from: string, to: string) => bucketEdges(new Date(from), new Date(to), '1d', zone)

describe('steps', () => {
  it.each([
    [2, '1m'],
    [6, '5m'],
    [12, '15m'],
    [24, '1h'],
    [14 * 24, '1h'],
    [30 * 24, '1d'],
    [2 * 366 * 24, '1w'],
  ])('%d hours are shown by %s', (length, step) => {
    expect(stepFor(new Date(0), new Date(length * HOUR))).toBe(step)
  })
})

describe('R7: days begin at the midnight of their zone', () => {
  it('is 23 and 25 hours long when the clocks change', () => {
    expect(hours(days('America/New_York', '2026-03-07T12:00:00Z', '2026-03-10T12:00:00Z'))).toEqual([24, 23, 24])
    expect(hours(days('America/New_York', '2026-10-31T12:00:00Z', '2026-11-03T12:00:00Z'))).toEqual([24, 25, 24])
  })

  it('begins at 01:00 where midnight is skipped', () => {
    // Santiago went from 24:00 on 5 September 2026 to 01:00 on the 6th.
    const edges = days('America/Santiago', '2026-09-05T12:00:00Z', '2026-09-07T12:00:00Z')
    expect(edges.map((edge) => edge.toISOString())).toEqual([
      '2026-09-05T04:00:00.000Z',
      '2026-09-06T04:00:00.000Z',
      '2026-09-07T03:00:00.000Z',
    ])
    expect(edges.map((edge) => localDay(edge, 'America/Santiago'))).toEqual(['2026-09-05', '2026-09-06', '2026-09-07'])
  })

  it('begins at the first of two midnights', () => {
    // Havana's clocks go from 01:00 back to 00:00 on 1 November 2026.
    const edges = days('America/Havana', '2026-10-31T12:00:00Z', '2026-11-02T12:00:00Z')
    expect(hours(edges)).toEqual([24, 25])
  })

  it.each(['UTC', 'Asia/Kolkata', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'])(
    'has every day of three years once in %s',
    (zone) => {
      const edges = days(zone, '2024-01-01T00:00:00Z', '2027-01-01T00:00:00Z')
      const names = edges.map((edge) => localDay(edge, zone))
      expect(new Set(names).size).toBe(edges.length)
      expect(hours(edges).every((length) => length >= 23 && length <= 25)).toBe(true)
      for (const edge of edges) {
        const before = new Date(edge.getTime() - 1)
        expect(localDay(before, zone)).not.toBe(localDay(edge, zone))
      }
    },
  )
})

describe('weeks and months', () => {
  const starts = (step: '1w' | '1mo', from: string, to: string) =>
    bucketEdges(new Date(from), new Date(to), step, 'America/New_York').map((edge) => edge.toISOString())

  it("begin on the zone's Mondays, also where a week has an hour more", () => {
    expect(starts('1w', '2026-10-28T12:00:00Z', '2026-11-10T12:00:00Z')).toEqual([
      '2026-10-26T04:00:00.000Z',
      '2026-11-02T05:00:00.000Z',
      '2026-11-09T05:00:00.000Z',
    ])
  })

  it("begin on the zone's firsts, whatever the length of the month", () => {
    expect(starts('1mo', '2026-01-31T12:00:00Z', '2026-04-02T00:00:00Z')).toEqual([
      '2026-01-01T05:00:00.000Z',
      '2026-02-01T05:00:00.000Z',
      '2026-03-01T05:00:00.000Z',
      '2026-04-01T04:00:00.000Z',
    ])
  })
})

describe('a step that was asked for', () => {
  it('is kept unless it makes too many bars', () => {
    expect(stepFor(new Date(0), new Date(30 * 24 * HOUR), '1h')).toBe('1h')
    expect(stepFor(new Date(0), new Date(365 * 24 * HOUR), '1h')).toBe('1d')
    expect(stepFor(new Date(0), new Date(HOUR), '1mo')).toBe('1mo')
  })
})

describe('hours', () => {
  it("begin on the zone's own hours", () => {
    const edges = (zone: string) =>
      bucketEdges(new Date('2026-02-01T10:05:00Z'), new Date('2026-02-01T12:05:00Z'), '1h', zone)
    expect(edges('UTC').map((edge) => edge.toISOString().slice(11, 16))).toEqual(['10:00', '11:00', '12:00'])
    expect(edges('Asia/Kolkata').map((edge) => edge.toISOString().slice(11, 16))).toEqual(['09:30', '10:30', '11:30'])
  })

  it('are never more than the limit', () => {
    expect(() => bucketEdges(new Date('2020-01-01'), new Date('2026-01-01'), '1h', 'UTC')).toThrow(/buckets/)
  })
})
