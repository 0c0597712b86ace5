import { describe, expect, test } from 'vitest'
import { fromLocalInput, toLocalInput } from './zoned'

describe('a time on the clock of a zone', () => {
  test.each([
    ['2026-07-01T14:03', 'Europe/Berlin', '2026-07-01T12:03:00.000Z'],
    ['2026-01-01T14:03', 'Europe/Berlin', '2026-01-01T13:03:00.000Z'],
    ['2026-01-01T14:03', 'Asia/Kathmandu', '2026-01-01T08:18:00.000Z'],
    ['2026-01-01T00:00', 'UTC', '2026-01-01T00:00:00.000Z'],
    ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  ])('R7: %s in %s is %s, and back', (text, zone, instant) => {
    expect(fromLocalInput(text, zone)).toBe(instant)
    expect(toLocalInput(instant, zone)).toBe(text)
  })

  test('R7: of an hour that comes twice it is the earlier one', () => {
    expect(fromLocalInput('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
  })

  test('R7: in an hour that is skipped the clock runs on', () => {
    expect(fromLocalInput('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
  })

  test('R13: what is no time is none', () => {
    expect(fromLocalInput('', 'UTC')).toBeNull()
    expect(fromLocalInput('2026-13-01T00:00', 'UTC')).toBeNull()
  })
})
