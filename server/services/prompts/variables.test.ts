import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  includesOf,
  otherBracesIn,
  unclosedIn,
  unclosedText,
  variablesOf,
  withIncludes,
  withValues,
} from './variables.schema'

describe('a variable or include that is never closed is found', () => {
  it.each([
    ['at the end', 'Hello {{name', 1, '{{name'],
    ['with one brace', 'Hello {{name}, welcome', 1, '{{name'],
    ['with spaces', 'a\nb {{ user, welcome', 2, '{{ user'],
    ['before another one', '{{first and {{second}}', 1, '{{first'],
    ['behind JSON', '{"a":{"b":1}}\n\n{{name', 3, '{{name'],
    ['before JSON', '{{name\n{"a":{"b":1}}', 1, '{{name'],
    ['three braces', '{{{raw', 1, '{{raw'],
    ['an include', 'x\n{{> tone/formal', 2, '{{> tone/formal'],
    ['an include with one brace', '{{> 3 rules }', 1, '{{> 3'],
  ])('%s', (_, content, line, text) => {
    expect(unclosedIn(content)).toMatchObject({ line, text })
  })

  it('and says where, and what to do', () => {
    const found = unclosedIn('Dear {{customer}},\nyour {{order}')
    expect(found).toMatchObject({ line: 2, column: 6, kind: 'variable' })
    expect(found && unclosedText(found)).toContain('line 2: the variable {{order is never closed. Close it with }}')
  })
})

describe('what only looks like one is text', () => {
  it.each([
    ['JSON', '{"a":{"b":{"c":1}}}'],
    ['JSON over lines', '{\n  "a": {\n    "b": 1\n}}'],
    ['JSON escaped for another template', 'Answer as {{"name": "x", "tags": [{{"a": 1}}]}}'],
    ['LaTeX', 'x^{{a}_b} \\frac{{1}}{{2}}'],
    ['BibTeX', 'title = {{The} Book}'],
    ['JSX', 'style={{ color: "red" }} and style={{\n  color: 1,\n}}'],
    ['blocks of Handlebars', '{{#if user}}x{{else}}y{{/if}}'],
    ['a pipe of Jinja', '{{ user.name | upper }} {% if x %}{% endif %}'],
    ['a wiki template', '{{Infobox person\n| name = x\n}}'],
    ['an array in C', 'int a[2][2] = {{a, b}, {c, d}};'],
    ['the braces themselves', 'Variables stand between `{{` and `}}`.'],
    ['closing braces alone', '}} }} }'],
    ['braces at the end of a line', 'if (x) {{\n'],
    ['nothing', ''],
  ])('%s', (_, content) => expect(unclosedIn(content)).toBeNull())

  it('every version of the real prompts, where they are at hand', () => {
    const contents = realContents()
    expect(contents.filter((content) => unclosedIn(content) !== null)).toEqual([])
    // The rule does see them: with a variable cut off at its end, each of them is refused.
    expect(contents.filter((content) => unclosedIn(`${content}\n{{cut`) === null)).toEqual([])
  })
})

function realContents(): string[] {
  const file = `${process.env.ENGRAM_SHARED ?? '../shared'}/data/prompt_histories.json`
  if (!existsSync(file)) {
    process.stderr.write(`\n${file} is not here: this test reads two GENERATED prompts, not real ones.\n`)
    return ['You answer {{question}} as {"answer": {"text": "…"}}', 'Reply in JSON:\n{"a": {"b": {}}}']
  }
  const prompts = JSON.parse(readFileSync(file, 'utf8')) as { versions: { content: string }[] }[]
  return prompts.flatMap(({ versions }) => versions.map(({ content }) => content))
}

it('names variables and includes once, in order of first use', () => {
  const content = '{{b}} {{> tone/formal}} {{ a.c }} {{>rules 2}}{{b}} {{> tone/formal }} {{>}} {{1}} {{x y}}'
  expect(variablesOf(content)).toEqual(['b', 'a.c'])
  expect(includesOf(content)).toEqual(['tone/formal', 'rules 2'])
  expect(otherBracesIn(content)).toEqual(['{{>}}', '{{1}}', '{{x y}}'])
})

describe('the preview', () => {
  it('fills what is known and leaves the rest', () => {
    expect(withValues('{{a}} {{ b }} {{c}}', { a: '$& {{b}}', b: '2', constructor: 'x' })).toBe('$& {{b}} 2 {{c}}')
    expect(withValues('{{constructor}} {{__proto__}}', {})).toBe('{{constructor}} {{__proto__}}')
  })

  it('puts included prompts in, also theirs, and stops at a circle', () => {
    const texts = new Map([
      ['a', '[{{> b}}]'],
      ['b', '({{x}} {{> a}})'],
    ])
    expect(withIncludes('{{> a}} {{> none}}', texts)).toBe('[({{x}} {{> a}})] {{> none}}')
  })
})

it('takes a time that grows with the text only, whatever the text', () => {
  const part = fc.constantFrom('{{', '}}', '{', '}', '{{>', ' ', 'a', 'a ', '\n', '{{a', '{{ a', '  \t', '{{> a')
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const content = parts.join('').repeat(100_000).slice(0, 1_000_000)
      const began = performance.now()
      unclosedIn(content)
      variablesOf(content)
      includesOf(content)
      otherBracesIn(content)
      expect(performance.now() - began).toBeLessThan(3_000)
    }),
    { numRuns: 30 },
  )
}, 60_000)
