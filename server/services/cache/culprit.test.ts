import { describe, expect, it } from 'vitest'
import { culpritOf } from './culprit'

const row = (
  tenant: string,
  hits: number,
  misses: number,
  hitsBefore: number,
  missesBefore: number,
  usdPerHit = 0.01,
) => ({
  family: 'answers' as const,
  namespace: 'answers',
  tenant,
  hits,
  misses,
  hitsBefore,
  missesBefore,
  usdPerHit,
})

describe('culpritOf', () => {
  it('J4: names whose misses grew, by how much of all that grew, and what they cost', () => {
    const rows = [row('northwind', 500, 500, 1_600, 400), row('contoso', 790, 210, 1_600, 400)]
    expect(culpritOf(rows, 2)).toEqual({
      family: 'answers',
      namespace: 'answers',
      tenant: 'northwind',
      share: expect.closeTo(300 / 310),
      usdPerHour: expect.closeTo((300 * 0.01) / 2),
    })
  })

  it('is nobody when the fall is spread, when nothing grew, or when there is nothing to compare with', () => {
    const even = ['a', 'b', 'c'].map((tenant) => row(tenant, 500, 500, 800, 200))
    expect(culpritOf(even, 1)).toBeNull()
    expect(culpritOf([row('a', 800, 200, 800, 200)], 1)).toBeNull()
    expect(culpritOf([row('new', 0, 900, 0, 0)], 1)).toBeNull()
    expect(culpritOf([], 1)).toBeNull()
  })
})
