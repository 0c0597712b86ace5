import { describe, expect, it } from 'vitest'
import { prepareTimeSeries, readSeries } from './prepare-time-series'

const series = (key: string, memory: 'redis' | 'postgres' | undefined, ...values: (number | null)[]) => ({
  key,
  label: key,
  memory,
  points: values.map((v, i) => ({ t: i * 10, v })),
})
const span = { from: 0, to: 100 }
const options = { kind: 'stack' as const, format: 'count' as const, span, hidden: new Set<string>(), most: 6 }

describe('prepareTimeSeries', () => {
  const all = [series('a', 'postgres', 60, 20), series('b', 'postgres', 30, null)]

  it('gives a stack an axis for its whole height, from zero', () => {
    expect(prepareTimeSeries(all, options).axis).toMatchObject({ min: 0, max: 100 })
  })

  it('a hidden series leaves the axis but keeps its place and colour in the legend', () => {
    const prepared = prepareTimeSeries(all, { ...options, hidden: new Set(['a']) })
    expect(prepared.axis?.max).toBe(30)
    expect(prepared.legend.map(({ key }) => key)).toEqual(['a', 'b'])
    expect(prepared.drawn[0]?.colour).toBe(prepareTimeSeries(all, options).drawn[1]?.colour)
  })

  it('tells series of one memory apart by shade, through tokens only', () => {
    const colours = prepareTimeSeries(all, options).legend.map(({ colour }) => colour)
    expect(new Set(colours).size).toBe(2)
    for (const colour of colours) expect(colour).toMatch(/^(var\(--pg\)|color-mix\(in oklch, var\(--pg\))/)
  })

  it('stands a bar over its whole bucket', () => {
    expect(prepareTimeSeries(all, { ...options, kind: 'bars' }).rows.map(({ t }) => t)).toEqual([5, 15])
  })

  it('R12: no sample is no axis, not a flat line', () => {
    expect(prepareTimeSeries([series('a', 'redis', null)], options).axis).toBeNull()
  })

  it('reads every series and their sum', () => {
    expect(
      readSeries(prepareTimeSeries(all, options), 'stack', 'count', 1).map(({ label, text }) => `${label} ${text}`),
    ).toEqual(['a 60', 'b 30', 'together 90'])
    expect(readSeries(prepareTimeSeries(all, options), 'stack', 'count', 10)[1]?.text).toBe('no sample')
  })
})
