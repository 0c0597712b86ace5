import { describe, expect, it } from 'vitest'
import { contentProblem, draftFrom, parseConfig, sameDraft } from './draft'

describe('what keeps a content from being saved', () => {
  it.each([
    ['nothing', 'Hello {{user}} {"a":{"b":1}}', null],
    ['nothing yet', '', null],
    ['an open variable', 'a\n{{user', 'line 2'],
    ['more than 1 MB', 'x'.repeat(1_000_001), 'at most 1 MB'],
    ['more than 1 MB of emoji', '😀'.repeat(250_001), 'at most 1 MB'],
    ['NUL', 'a\0b', 'NUL'],
  ])('%s', (_, content, problem) =>
    problem === null ? expect(contentProblem(content)).toBeNull() : expect(contentProblem(content)).toContain(problem),
  )

  it('1 MB is not too much', () => expect(contentProblem('x'.repeat(1_000_000))).toBeNull())
})

it('a draft begins as its version, and is the same until something is written', () => {
  const base = { content: 'Hello', model: 'gpt-4o', config: { a: 1 } }
  const draft = draftFrom(base)
  expect(draft).toEqual({ content: 'Hello', model: 'gpt-4o', config: '{\n  "a": 1\n}', message: '', force: false })
  expect(sameDraft(draft, { ...draftFrom(base), force: true })).toBe(true)
  expect(sameDraft(draft, { ...draft, message: 'x' })).toBe(false)
})

it('a config is a JSON object or nothing', () => {
  expect(parseConfig(' ')).toEqual({ config: {}, error: null })
  expect(parseConfig('{"a":1}').config).toEqual({ a: 1 })
  for (const text of ['[]', '1', 'null', '{']) expect(parseConfig(text).error).toEqual(expect.any(String))
})
