import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markerLabels } from './prepare-markers'

const span = { from: 0, to: 1000 }

describe('markerLabels', () => {
  it('names each marker that has room', () => {
    const labels = markerLabels(
      [
        { t: 300, label: 'a v1' },
        { t: 800, label: 'b v2' },
      ],
      span,
      600,
    )
    expect(labels.map(({ text }) => text)).toEqual(['a v1', 'b v2'])
  })

  it('joins names that would touch, under the gravest', () => {
    const labels = markerLabels(
      [
        { t: 500, label: 'summarise v8' },
        { t: 505, label: 'support-reply v12', severity: 'bad' },
        { t: 510, label: 'flag on' },
      ],
      span,
      600,
    )
    expect(labels.map(({ text }) => text)).toEqual(['support-reply v12 +2'])
    expect(labels[0]?.markers).toHaveLength(3)
  })

  it('leaves out what lies outside the range', () => {
    expect(
      markerLabels(
        [
          { t: -1, label: 'old' },
          { t: 1001, label: 'later' },
        ],
        span,
        600,
      ),
    ).toEqual([])
  })

  it('no two labels touch, none leaves the chart, no marker is lost', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ t: fc.integer({ min: 0, max: 1000 }), label: fc.string({ minLength: 1, maxLength: 40 }) }),
        ),
        fc.integer({ min: 80, max: 1200 }),
        (markers, width) => {
          const labels = markerLabels(markers, span, width)
          expect(labels.flatMap((label) => label.markers)).toHaveLength(markers.length)
          labels.forEach((label, i) => {
            const before = labels[i - 1]
            if (before) expect(label.left).toBeGreaterThanOrEqual(before.left + before.width)
            expect(label.left).toBeGreaterThanOrEqual(0)
            expect(label.left + label.width).toBeLessThanOrEqual(width + 1e-6)
          })
        },
      ),
    )
  })
})
