import { count } from './count'
import { relativeChange, relativeText } from './delta'
import { minus } from './figure'

/** `exact` is false where the model's own tokenizer is not known; `tokens` null where they could not be counted. */
export type TokenFigure = { tokens: number | null; exact: boolean }

const approximately = ({ exact }: TokenFigure) => (exact ? '' : '≈ ')

/** "301 tokens", "≈ 301 tokens". */
export const tokensText = (figure: TokenFigure): string =>
  figure.tokens === null
    ? 'tokens not counted'
    : `${approximately(figure)}${count(figure.tokens)} ${figure.tokens === 1 ? 'token' : 'tokens'}`

/** "+38 tokens (+14 %)" from one version to another; without the other's count, what it has now. */
export function tokensChangeText(before: TokenFigure | null, after: TokenFigure): string {
  if (before === null || before.tokens === null || after.tokens === null) return tokensText(after)
  const difference = after.tokens - before.tokens
  if (difference === 0) return `same ${tokensText(after)}`
  const sign = difference < 0 ? minus : '+'
  const change = relativeText(relativeChange(after.tokens, before.tokens))
  const both = { tokens: Math.abs(difference), exact: before.exact && after.exact }
  return `${approximately(both)}${sign}${tokensText({ ...both, exact: true })} (${change})`
}
