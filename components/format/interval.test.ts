import { describe, expect, it } from 'vitest'
import { changeText, coversNone, intervalText } from './interval'

const plain = (text: string) => text.replace(/\u00a0/g, ' ')

describe('an interval of a change', () => {
  it.each([
    [{ kind: 'ratio', estimate: 1.34, low: 1.21, high: 1.48 }, '+34 %', '+21 to +48 %', false],
    [{ kind: 'ratio', estimate: 1.0004, low: 0.9996, high: 1.0004 }, 'no difference', '0 to 0 %', true],
    [{ kind: 'points', estimate: -0.172, low: -0.188, high: -0.156 }, '−17.2 points', '−18.8 to −15.6 points', false],
    [{ kind: 'points', estimate: 0, low: -0.0003, high: 0.0188 }, '0 points', '0 to +1.9 points', true],
    [{ kind: 'ms', estimate: 530, low: 410, high: 660 }, '+530 ms', '+410 to +660 ms', false],
    [{ kind: 'ms', estimate: -900, low: -1_900, high: 0 }, '−900 ms', '−1.90 s to 0', true],
  ] as const)('%o', (change, text, interval, none) => {
    expect(plain(changeText(change))).toBe(text)
    expect(plain(intervalText(change))).toBe(interval)
    expect(coversNone(change)).toBe(none)
  })
})
