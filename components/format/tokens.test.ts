import { describe, expect, it } from 'vitest'
import { tokensChangeText, tokensText } from './tokens'

const exact = (tokens: number | null) => ({ tokens, exact: true })
const about = (tokens: number) => ({ tokens, exact: false })

describe('tokens', () => {
  it('are written with what is known of them', () => {
    expect(tokensText(exact(1_301))).toBe('1,301 tokens')
    expect(tokensText(exact(1))).toBe('1 token')
    expect(tokensText(exact(0))).toBe('0 tokens')
    expect(tokensText(about(301))).toBe('≈ 301 tokens')
    expect(tokensText(exact(null))).toBe('tokens not counted')
  })

  it('of one version against another', () => {
    expect(tokensChangeText(exact(271), exact(309))).toBe('+38 tokens (+14\u00a0%)')
    expect(tokensChangeText(exact(309), exact(271))).toBe('−38 tokens (−12\u00a0%)')
    expect(tokensChangeText(exact(271), about(309))).toBe('≈ +38 tokens (+14\u00a0%)')
    expect(tokensChangeText(exact(309), exact(309))).toBe('same 309 tokens')
    expect(tokensChangeText(null, exact(309))).toBe('309 tokens')
    expect(tokensChangeText(exact(null), exact(309))).toBe('309 tokens')
    expect(tokensChangeText(exact(309), exact(null))).toBe('tokens not counted')
  })
})
