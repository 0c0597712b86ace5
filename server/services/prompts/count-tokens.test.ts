import { monitorEventLoopDelay } from 'node:perf_hooks'
import { countTokens as exactly } from 'gpt-tokenizer/encoding/o200k_base'
import { modelToEncodingMap } from 'gpt-tokenizer/mapping'
import { describe, expect, it } from 'vitest'
import { countTokens } from './count-tokens'
import { tokenizerOf } from './tokenizer.schema'

const count = async (content: string, model: string | null = 'gpt-4o') => (await countTokens({ content, model })).tokens
const MB = 1_000_000

describe('tokens are counted', () => {
  it.each([
    'You answer customers of {{company}} in their own language.\n\nPolicy:\n{{policy}}',
    '根据政策回答客户的问题。请用他们自己的语言。',
    'naïve café 😀👩‍👩‍👧 \t\r\n\n   <|endoftext|> don’t don\'t "x": {"y": [1, 22, 333, 4444]}',
    '',
  ])('as the tokenizer itself does: %j', async (content) => {
    expect(await count(content)).toBe(exactly(content, { disallowedSpecial: new Set() }))
  })

  it('with the tokenizer of the model', async () => {
    expect(await countTokens({ content: '根据政策回答', model: 'gpt-4' })).toEqual({
      tokens: 9,
      tokenizer: 'cl100k_base',
    })
    expect(await countTokens({ content: '根据政策回答', model: 'gpt-4o' })).toEqual({
      tokens: 3,
      tokenizer: 'o200k_base',
    })
  })

  it('nearly right where a piece is so long that it is cut', async () => {
    for (const content of ['a'.repeat(5_000), '='.repeat(5_000), 'z😀'.repeat(2_001), '政策回答客户'.repeat(500)]) {
      const exact = exactly(content)
      expect(Math.abs(((await count(content)) ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.05)
    }
  })
})

describe('which tokenizer', () => {
  it('is the one that the library knows for the model', () => {
    const known = Object.entries(modelToEncodingMap).filter(([model]) => /^(gpt-[3-9o]|text-embedding)/.test(model))
    expect(known.length).toBeGreaterThan(20)
    for (const [model, encoding] of known)
      expect([model, tokenizerOf(model)]).toEqual([
        model,
        { tokenizer: encoding === 'cl100k_base' ? 'cl100k_base' : 'o200k_base', exact: true },
      ])
  })

  it.each([null, 'claude-sonnet-4-5', 'gemini-2.5-flash', 'mistral-large', 'gpt-j-6b', 'open-o1'])(
    'is an approximation for %s',
    (model) => expect(tokenizerOf(model)).toEqual({ tokenizer: 'o200k_base', exact: false }),
  )

  it.each(['openai/gpt-4o-mini', 'azure/gpt-4.1', 'ft:gpt-4o-mini-2024-07-18:acme', 'GPT-5'])(
    'is exact for %s',
    (model) => expect(tokenizerOf(model)).toEqual({ tokenizer: 'o200k_base', exact: true }),
  )
})

/** A run of letters that no cache helps with. */
const letters = (length: number, first: number, alphabet: number) => {
  let state = 1
  const next = () => (state = (state * 16_807) % 2_147_483_647)
  return Array.from({ length }, () => String.fromCharCode(first + (next() % alphabet))).join('')
}

it('1 MB of anything is counted in time, and holds up nobody else in the process', async () => {
  await count('warm')
  const nasty = {
    letter: 'a'.repeat(MB),
    emoji: '😀'.repeat(MB / 4),
    random: letters(MB, 33, 94),
    word: letters(MB, 97, 26),
    chinese: letters(Math.floor(MB / 3), 0x4e00, 20_000),
    spaces: ' '.repeat(MB),
    control: '<|endoftext|>'.repeat(Math.floor(MB / 13)),
  }
  const delay = monitorEventLoopDelay({ resolution: 5 })
  for (const [what, content] of Object.entries(nasty)) {
    const began = performance.now()
    delay.reset()
    delay.enable()
    expect([what, await count(content)]).toEqual([what, expect.any(Number)])
    delay.disable()
    process.stdout.write(
      `${what}: ${Math.round(performance.now() - began)} ms, event loop at most ${Math.round(delay.max / 1e6)} ms late\n`,
    )
    expect(delay.percentile(99) / 1e6).toBeLessThan(100)
  }
}, 120_000)
