import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countedOnce, type SpanNode } from './counted-once'

const node = (
  key: string,
  parent: string | null,
  kind: SpanNode['kind'],
  reports: SpanNode['reports'] = 'usage',
): SpanNode => ({ key, parent, kind, reports })

describe('R7: usage that a parent repeats counts once', () => {
  it.each<[string, SpanNode[], string[]]>([
    ['an unnamed parent', [node('a', null, 'unknown'), node('b', 'a', 'call'), node('c', 'a', 'call')], ['b', 'c']],
    ['children before the parent', [node('b', 'a', 'call'), node('a', null, 'unknown')], ['b']],
    [
      'an unnamed grandparent, over a span without usage',
      [node('a', null, 'unknown'), node('x', 'a', 'unknown', null), node('b', 'x', 'unknown')],
      ['b'],
    ],
    ['two instrumentations of one call', [node('a', null, 'call'), node('b', 'a', 'call')], ['b']],
    [
      'a call that a tool of another call makes',
      [node('a', null, 'call'), node('t', 'a', 'container', null), node('b', 't', 'call')],
      ['a', 'b'],
    ],
    [
      'an unnamed agent over such a tool',
      [node('a', null, 'unknown'), node('t', 'a', 'container', null), node('b', 't', 'call')],
      ['b'],
    ],
    ['a retry that failed below the call', [node('a', null, 'call'), node('b', 'a', 'call', 'failure')], ['a', 'b']],
    ['one failure told twice', [node('a', null, 'call', 'failure'), node('b', 'a', 'call', 'failure')], ['b']],
    ['a parent of another export', [node('b', 'elsewhere', 'call')], ['b']],
  ])('%s', (_what, nodes, counted) => {
    const verdicts = countedOnce(nodes)
    expect(nodes.filter((one, n) => one.reports && verdicts[n] === 'counted').map((one) => one.key)).toEqual(counted)
  })

  it('R13: finds who is its own ancestor, and keeps what merely hangs below', () => {
    const nodes = [
      node('self', 'self', 'call'),
      node('a', 'c', 'call'),
      node('b', 'a', 'call'),
      node('c', 'b', 'call'),
      node('below', 'b', 'call'),
      node('fine', null, 'call'),
    ]
    expect(countedOnce(nodes)).toEqual(['circular', 'circular', 'circular', 'circular', 'counted', 'counted'])
  })

  it('counts every lowest call and none above another, in any tree and any order', () => {
    const tree = fc
      .array(fc.nat(), { minLength: 1, maxLength: 30 })
      .map((parents) => parents.map((parent, n) => node(String(n), n === 0 ? null : String(parent % n), 'unknown')))
    fc.assert(
      fc.property(tree, (nodes) => {
        const parents = new Set(nodes.map((one) => one.parent))
        const verdicts = countedOnce([...nodes].reverse()).reverse()
        expect(verdicts).toEqual(nodes.map((one) => (parents.has(one.key) ? 'repeated' : 'counted')))
      }),
    )
  })

  it('takes a chain of 20,000 spans, or a circle of them, without walking it again for each', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => node(String(n), n === 0 ? null : String(n - 1), 'unknown'))
    const started = performance.now()
    expect(countedOnce(chain).filter((verdict) => verdict === 'counted')).toHaveLength(1)
    expect(countedOnce(chain.map((one, n) => (n === 0 ? { ...one, parent: '19999' } : one)))[5]).toBe('circular')
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
