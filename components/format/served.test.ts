import { expect, it } from 'vitest'
import { servedText, weightOf } from './served'

const arms = [
  { version: 11, weight: 93.5 },
  { version: 12, weight: 5 },
  { version: 13, weight: 1.5 },
]

it('says what a channel serves, the version that was live in full first', () => {
  expect(servedText({ version: 11 })).toBe('v11')
  expect(servedText({ version: 11, arms: null })).toBe('v11')
  expect(servedText({ version: 11, arms })).toBe('v11 · v12 at 5\u00a0% · v13 at 1.5\u00a0%')
})

it('knows the share of each version', () => {
  expect([11, 12, 13, 14].map((version) => weightOf({ version: 11, arms }, version))).toEqual([93.5, 5, 1.5, null])
  expect(weightOf({ version: 11, arms: null }, 11)).toBe(100)
  expect(weightOf({ version: 11, arms: null }, 12)).toBeNull()
})
