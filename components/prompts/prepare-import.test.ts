import { describe, expect, it } from 'vitest'
import type { ImportReport, PromptDocument } from '@/server/services/prompts/history.schema'
import { foreseen, nameProblem, readDocument } from './prepare-import'

const version = (number: number) => ({
  version: number,
  content: 'Hello {{user}}',
  model: null,
  config: {},
  message: null,
  tokens: null,
  tokenizer: null,
  by: 'ada',
  at: '2026-01-01T00:00:00.000Z',
})
const document: PromptDocument = {
  format: 'engram.prompt',
  formatVersion: 1,
  name: 'a/b',
  description: null,
  by: 'ada',
  at: '2026-01-01T00:00:00.000Z',
  versions: [version(1), version(2)],
  activations: [],
}
const read = (value: unknown) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return readDocument({ text, bytes: text.length })
}

describe('a file', () => {
  it('is read', () => expect(read(document)).toEqual({ document, error: null }))

  it.each([
    ['no JSON', '{"format":', 'The file is not JSON.'],
    ['another format', { format: 'x' }, 'The file is not an export of Engram: format: '],
    ['a list', [], 'The file is not an export of Engram: '],
    ['a gap', { ...document, versions: [version(1), version(3)] }, 'versions.1.version: must be 2'],
  ])('that is wrong says why: %s', (_, value, error) => expect(read(value).error).toContain(error))

  it('that is too large says so', () => {
    expect(readDocument({ text: '{}', bytes: 17 * 1024 * 1024 }).error).toBe(
      'The file is 17 MB large; at most 16 MB can be imported.',
    )
  })
})

it('a name is checked before anything is asked', () => {
  expect(nameProblem('support/reply')).toBeNull()
  expect(nameProblem(' x')).toContain('white space')
  expect(nameProblem('')).not.toBeNull()
})

describe('what would happen', () => {
  const report: ImportReport = {
    name: 'a/b',
    created: true,
    versions: { added: [1, 2], same: 0 },
    activations: { added: 3, left: 0 },
    channels: [{ channel: 'production', version: 2, revision: 3 }],
    withheld: [],
  }
  it('is said of a new prompt', () => {
    expect(foreseen(report)).toEqual([
      'Creates a/b with 2 versions and 3 activations, with their authors and dates.',
      'Live at once: v2 on production.',
    ])
    expect(foreseen({ ...report, channels: [], withheld: ['production'] }).slice(1)).toEqual([
      'Nothing goes live.',
      'Changes on production need a second person: nothing goes live there.',
    ])
  })

  it('is said of a prompt that is there', () => {
    const there = { ...report, created: false, activations: { added: 0, left: 3 }, channels: [] }
    expect(foreseen({ ...there, versions: { added: [2], same: 1 } })).toEqual([
      'Adds v2 to a/b; 1 version already there says the same.',
      'What a/b serves stays as it is.',
    ])
    expect(foreseen({ ...there, versions: { added: [3, 4, 5], same: 2 } })[0]).toBe(
      'Adds v3 to v5 to a/b; 2 versions already there say the same.',
    )
    expect(foreseen({ ...there, versions: { added: [], same: 2 } })).toEqual([])
  })
})
