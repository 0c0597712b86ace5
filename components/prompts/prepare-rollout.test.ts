import { describe, expect, it } from 'vitest'
import { movesText, newestBeside, prepareArms } from './prepare-rollout'

const arms = (...shares: [version: number, weight: number][]) =>
  shares.map(([version, weight]) => ({ version, weight }))
const draft = (...shares: [version: number, percent: string][]) =>
  shares.map(([version, percent]) => ({ version, percent }))

describe('shares as they are typed', () => {
  it.each([
    [draft([12, '5']), arms([11, 95], [12, 5])],
    [draft([12, ' 0.1 '], [13, '0,2']), arms([11, 99.7], [12, 0.1], [13, 0.2])],
    [draft([12, '33.33'], [13, '33.33']), arms([11, 33.34], [12, 33.33], [13, 33.33])],
  ])('the base gets the rest of %o', (typed, whole) => {
    expect(prepareArms(11, typed)).toMatchObject({ arms: whole, rest: whole[0]?.weight })
  })

  it.each(['', '0', '-5', '100', '5.001', 'five', '1e1', '0.001'])('"%s" is no share', (percent) => {
    const { arms, errors } = prepareArms(11, draft([12, percent]))
    expect(arms).toBeNull()
    expect(errors.get(12)).toContain('More than 0')
  })

  it('leaves the base something', () => {
    const { arms, rest, errors } = prepareArms(11, draft([12, '60'], [13, '40']))
    expect([arms, rest]).toEqual([null, 0])
    expect(errors.get(13)).toContain('Leave v11 a share')
    expect(prepareArms(11, []).arms).toBeNull()
  })
})

describe('who moves', () => {
  it.each([
    [arms([11, 100]), arms([11, 90], [12, 10]), '10\u00a0% of all subjects move from v11 to v12. All others keep'],
    [arms([11, 90], [12, 10]), arms([11, 50], [12, 50]), '40\u00a0% of all subjects move from v11 to v12.'],
    [
      arms([11, 90], [12, 10]),
      arms([11, 70], [12, 5], [13, 25]),
      '25\u00a0% of all subjects move from v11 and v12 to v13.',
    ],
    [arms([11, 99.7], [12, 0.3]), arms([11, 99.6], [12, 0.4]), '0.1\u00a0% of all subjects'],
    [arms([11, 90], [12, 10]), arms([12, 10], [11, 90]), 'Everybody keeps'],
  ])('%o to %o', (before, after, text) => expect(movesText(before, after)).toContain(text))
})

it('a rollout is about its newest version', () => {
  expect(newestBeside(11, arms([11, 90], [13, 5], [12, 5]))).toBe(13)
  expect(newestBeside(13, arms([13, 90], [12, 10]))).toBe(12)
  expect(newestBeside(13, arms([13, 100]))).toBeNull()
})
