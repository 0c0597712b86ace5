import { describe, expect, it } from 'vitest'
import { bytesText } from './bytes'
import { compactRate, count, countText } from './count'
import { delta, pointsText, relativeChange, relativeText } from './delta'
import { agoText, durationLong, durationText } from './duration'
import { figureText } from './figure'
import { clockSeconds, clockTime, dayTime, fullStamp, isoDay, zoneLabel } from './instant'
import { percent, percentText } from './percent'
import { valueText } from './value'

const plain = (text: string) => text.replace(/\u00a0/g, ' ')

describe('counts', () => {
  it.each([
    [0, '0'],
    [1284, '1,284'],
    [9999, '9,999'],
    [48_213, '48.2 k'],
    [408_000, '408 k'],
    [999_499, '999 k'],
    [999_500, '1.00 M'],
    [22_361_870, '22.4 M'],
    [-48_213, '−48.2 k'],
    [0.4, '0.4'],
  ])('shows %d as %s', (value, shown) => expect(plain(countText(value))).toBe(shown))

  it('keeps every digit where every digit is asked for', () => {
    expect(count(22_361_870)).toBe('22,361,870')
    expect(count(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993')
  })

  it('shows rates with their unit', () => {
    expect(plain(figureText(compactRate(3120, 's')))).toBe('3.12 k/s')
    expect(plain(figureText(compactRate(804, 's')))).toBe('804 /s')
    expect(plain(figureText(compactRate(0.04, 's')))).toBe('0.04 /s')
  })
})

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [92, '92 B'],
    [1024, '1 kB'],
    [94_208, '92 kB'],
    [412 * 1024 ** 2, '412 MB'],
    [1.3 * 1024 ** 3, '1.3 GB'],
    [1000 * 1024, '0.98 MB'],
  ])('shows %d as %s', (value, shown) => expect(plain(bytesText(value))).toBe(shown))
})

describe('percentages', () => {
  it.each([
    [0.64, '64.0 %'],
    [1, '100 %'],
    [0, '0 %'],
    [0.9998, '99.98 %'],
    [0.999999, '>99.99 %'],
    [0.0001, '<0.1 %'],
    [-0.172, '−17.2 %'],
  ])('shows %d as %s', (ratio, shown) => expect(plain(percentText(ratio))).toBe(shown))

  it('R12: no ratio is a dash with its reason, never zero', () => {
    expect(percent(null, 'no look-ups yet')).toEqual({ value: '–', unit: '', missing: 'no look-ups yet' })
    expect(percent(0 / 0).missing).toBeTruthy()
  })
})

describe('durations', () => {
  it.each([
    [0.41, '0.41 ms'],
    [84, '84 ms'],
    [1840, '1.84 s'],
    [60_000, '60 s'],
    [1800, '1.80 s'],
    [22 * 60_000, '22 min'],
    [6 * 3_600_000, '6 h'],
    [41 * 86_400_000, '41 d'],
  ])('shows %d ms as %s', (ms, shown) => expect(plain(durationText(ms))).toBe(shown))

  it.each([
    [370_000, '6 min 10 s'],
    [214 * 3_600_000, '8 d 22 h'],
    [3_600_000, '1 h'],
    [120, '120 ms'],
    [59_600, '1 min'],
  ])('says %d ms as %s', (ms, said) => expect(plain(durationLong(ms))).toBe(said))

  it.each([
    [-4000, 'now'],
    [400, 'now'],
    [2900, '2 s ago'],
    [59_999, '59 s ago'],
    [61_000, '1 min ago'],
    [400_000, '6 min ago'],
    [7_200_000, '2 h ago'],
  ])('says %d ms as %s', (ms, said) => expect(plain(agoText(ms))).toBe(said))
})

describe('instants in a zone', () => {
  const at = '2026-07-01T22:30:15Z'
  it('reads the same instant in each zone', () => {
    expect(clockTime(at, 'UTC')).toBe('22:30')
    expect(clockSeconds(at, 'Europe/Berlin')).toBe('00:30:15')
    expect(isoDay(at, 'Europe/Berlin')).toBe('2026-07-02')
    expect(clockTime('2026-01-01T00:00:00Z', 'UTC')).toBe('00:00')
  })
  it('names the offset in force at that instant', () => {
    expect(zoneLabel(at, 'Europe/Berlin')).toBe('UTC+2')
    expect(zoneLabel('2026-01-01T00:00:00Z', 'Europe/Berlin')).toBe('UTC+1')
    expect(zoneLabel(at, 'UTC')).toBe('UTC')
    expect(zoneLabel(at, 'Asia/Kolkata')).toBe('UTC+5:30')
    expect(zoneLabel('2026-01-01T00:00:00Z', 'America/St_Johns')).toBe('UTC−3:30')
    expect(fullStamp(at, 'Asia/Kolkata')).toBe('2026-07-02 04:00:15 UTC+5:30')
  })
  it('says the day only when it is another one', () => {
    expect(dayTime(at, 'Europe/Berlin', '2026-07-02T10:00:00Z')).toBe('00:30')
    expect(dayTime(at, 'UTC', '2026-07-02T10:00:00Z')).toBe('1 Jul 22:30')
    expect(dayTime(at, 'UTC', '2027-07-02T10:00:00Z')).toBe('1 Jul 2026 22:30')
  })
})

describe('differences', () => {
  it('always carry their sign', () => {
    expect(pointsText(0.64, 0.812)).toBe('−17.2')
    expect(delta(0, String)).toBe('±0')
    expect(plain(relativeText(relativeChange(112, 100)))).toBe('+12 %')
    expect(plain(relativeText(relativeChange(4790, 4812)))).toBe('−0.5 %')
    expect(relativeText(relativeChange(100, 100))).toBe('no difference')
  })
  it('from zero there is no percentage', () => expect(relativeText(relativeChange(5, 0))).toBe('was nothing'))
})

describe('values by kind', () => {
  it('R7: an exact amount keeps its digits, a missing one stays missing', () => {
    expect(valueText('money', '182.405')).toBe('$182.41')
    expect(valueText('percent', null)).toBe('–')
    expect(plain(valueText('rate', 3120))).toBe('3.12 k/s')
  })
})
