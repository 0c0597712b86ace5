import Decimal from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money, moneyApprox, moneyExact } from './money'

describe('money', () => {
  it.each([
    ['182.401234', '$182.40'],
    ['0', '$0.00'],
    ['0.000000', '$0.00'],
    ['0.71', '$0.71'],
    ['0.0149', '$0.015'],
    ['0.05', '$0.05'],
    ['0.00042', '$0.00042'],
    ['0.000420', '$0.00042'],
    ['0.0999', '$0.10'],
    ['999.995', '$1,000.00'],
    ['1234567.891', '$1,234,567.89'],
    ['-0.40', '−$0.40'],
    ['-0.000', '$0.00'],
    ['12', '$12.00'],
  ])('shows %s as %s', (amount, shown) => expect(money(amount)).toBe(shown))

  it('R7: no known price is unpriced, never zero', () => expect(money(null)).toBe('unpriced'))

  it('R7: loses no digit where a float would', () => {
    expect(moneyExact('9007199254740993.123456789')).toBe('$9,007,199,254,740,993.123456789')
    expect(money('9007199254740993.005')).toBe('$9,007,199,254,740,993.01')
  })

  it('R7: rounds as decimal arithmetic does, for any amount from ten cents on', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 100_000n, max: 10n ** 24n }), (micros) => {
        const amount = new Decimal(micros.toString()).div(1_000_000)
        expect(money(amount.toFixed()).replace(/[$,]/g, '')).toBe(amount.toFixed(2, Decimal.ROUND_HALF_UP))
      }),
    )
  })

  it('refuses what is not a plain decimal', () => {
    for (const bad of ['', '1e5', 'NaN', '1,000', ' 1']) expect(() => money(bad)).toThrow(RangeError)
  })

  it('writes floats of an axis too, tiny ones included', () => {
    expect(moneyApprox(0.71)).toBe('$0.71')
    expect(moneyApprox(0.00042)).toBe('$0.00042')
    expect(moneyApprox(1200)).toBe('$1,200.00')
  })
})
