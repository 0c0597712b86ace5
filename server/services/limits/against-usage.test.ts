import { expect, it } from 'vitest'
import { compare } from './against-usage'

const limit = { points: 10, windowSeconds: 60, kind: 'fixed_window', refillPoints: null } as const
const of = { tenant: 't', subject: 'u' }

it('what usage has above the points was over-admitted; what was refused while there was room, wrongly', () => {
  const asked = [
    { ...of, minute: 1, refused: 0 },
    { ...of, minute: 2, refused: 4 },
    { ...of, minute: 3, refused: 4 },
  ]
  const calls = [
    { ...of, minute: 1, calls: 13 },
    { ...of, minute: 2, calls: 10 },
    { ...of, minute: 3, calls: 8 },
  ]
  expect(compare(limit, asked, calls)).toEqual({ overAdmitted: 3, wronglyRefused: 2 })
})

it('is judged by stretches as long as the window, and subjects apart', () => {
  const calls = [
    { ...of, minute: 0, calls: 6 },
    { ...of, minute: 1, calls: 6 },
    { ...of, subject: 'v', minute: 1, calls: 6 },
  ]
  expect(compare({ ...limit, windowSeconds: 120 }, [], calls)).toEqual({ overAdmitted: 2, wronglyRefused: 0 })
  expect(compare({ ...limit, windowSeconds: 30 }, [], calls)).toEqual({ overAdmitted: 0, wronglyRefused: 0 })
})
