import fc from 'fast-check'
import { expect, it } from 'vitest'
import { blockAround, blocksBetween } from './usage-blocks'

const DAY_MS = 24 * 3_600_000
const day = (number: number) => new Date(number * DAY_MS)
const numbers = fc.integer({ min: 18_000, max: 22_000 })

it('is every day of the range once, in blocks that begin where they are summed up, and reach over no cut', () => {
  fc.assert(
    fc.property(numbers, fc.nat(500), fc.array(numbers, { maxLength: 5 }), (first, length, cuts) => {
      const blocks = blocksBetween(day(first), day(first + length), cuts.map(day))
      let at = first
      for (const block of blocks) {
        expect(block.day).toEqual(day(at))
        expect(blockAround(block.day, block.days)).toEqual(block)
        const end = at + block.days
        expect(cuts.filter((cut) => cut > at && cut < end)).toEqual([])
        at = end
      }
      expect(at).toBe(first + length)
    }),
  )
})

it('makes a month of eight blocks at the most, wherever it begins', () => {
  const counts = Array.from({ length: 64 }, (_, first) => blocksBetween(day(first), day(first + 30), []).length)
  expect(Math.max(...counts)).toBe(8)
})
