import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldSame, prepareDiff, type DiffLine } from './prepare-diff'

const textOf = (line: DiffLine) => line.pieces.map(({ text }) => text).join('')
const side = (lines: DiffLine[], without: 'added' | 'removed') =>
  lines
    .filter(({ kind }) => kind !== without)
    .map(textOf)
    .join('\n')
const marked = (line: DiffLine | undefined) => line?.pieces.filter(({ changed }) => changed).map(({ text }) => text)

describe('prepareDiff', () => {
  it('gives both texts back, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b ', '{{x}}', '\n', 'ü', ' '), { maxLength: 40 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = prepareDiff(before, after)
        expect(side(lines, 'added')).toBe(before)
        expect(side(lines, 'removed')).toBe(after)
        if (before === after) expect(lines.every(({ kind }) => kind === 'same')).toBe(true)
      }),
    )
  })

  it('marks the words that differ, and the variables', () => {
    const lines = prepareDiff(
      'Hello {{user}}.\nAnswer in at most four sentences.',
      'Hello {{user}}.\nAnswer in at most six sentences.',
    )
    expect(lines.map(({ kind, before, after }) => [kind, before, after])).toEqual([
      ['same', 1, 1],
      ['removed', 2, null],
      ['added', null, 2],
    ])
    expect(marked(lines[1])).toEqual(['four'])
    expect(marked(lines[2])).toEqual(['six'])
    expect(lines[0]?.pieces).toContainEqual({ text: '{{user}}', changed: false, variable: true })
  })

  it('marks one word in a thousand lines, and the includes', () => {
    const lines = Array.from({ length: 1_000 }, (_, line) => `Rule ${line}: be kind to customer ${line}, always.`)
    const before = ['{{> tone/formal}}', ...lines].join('\n')
    const after = before.replace('customer 700', 'partner 700')
    const began = performance.now()
    const shown = prepareDiff(before, after)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(shown.filter(({ kind }) => kind !== 'same').map(marked)).toEqual([['customer'], ['partner']])
    expect(shown[0]?.pieces).toEqual([{ text: '{{> tone/formal}}', changed: false, variable: true }])
    const folded = foldSame(shown)
    expect(folded.map(({ kind }) => kind).join(' ')).toBe('fold same same same removed added same same same fold')
  })

  it('keeps most of a thousand lines the same where every tenth changed a word', () => {
    const lines = Array.from({ length: 1_000 }, (_, line) => `Rule ${line}: be kind to customer ${line}, always.`)
    const changed = lines.map((line, index) => (index % 10 === 0 ? line.replace('kind', 'fair') : line))
    const shown = prepareDiff(lines.join('\n'), changed.join('\n'))
    expect(shown.filter(({ kind }) => kind === 'same')).toHaveLength(900)
    expect(new Set(shown.filter(({ kind }) => kind === 'removed').flatMap(marked))).toEqual(new Set(['kind']))
    expect(new Set(shown.filter(({ kind }) => kind === 'added').flatMap(marked))).toEqual(new Set(['fair']))
  })

  it('marks no words where a line became another one', () => {
    const lines = prepareDiff('Be brief and kind to everyone.', 'Never mention prices, ever again!')
    expect(lines.flatMap(marked)).toEqual([])
  })

  it('shows a line break added at the end', () => {
    expect(prepareDiff('a', 'a\n').map(({ kind }) => kind)).toEqual(['same', 'added'])
  })

  it('ends in time on large texts that have nothing in common', () => {
    const text = (seed: number) =>
      Array.from({ length: 20_000 }, (_, line) => `${(line * seed) % 9973} ${seed}`).join('\n')
    const began = performance.now()
    prepareDiff(text(7), text(11))
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

it('folds what is the same far from a change, and nothing else', () => {
  const same = Array.from({ length: 20 }, (_, line) => `line ${line}`)
  const lines = prepareDiff(same.join('\n'), [...same, 'new'].join('\n'))
  const folded = foldSame(lines)
  expect(folded.map(({ kind }) => kind)).toEqual(['fold', 'same', 'same', 'same', 'added'])
  expect(foldSame(prepareDiff('a', 'a'))).toHaveLength(1)
})
