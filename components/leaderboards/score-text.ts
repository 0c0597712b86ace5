import { withMinus } from '@/components/format/figure'

const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 3 })

/** All of a score's digits; scores have three decimal places at most. */
export const scoreText = (score: number): string => withMinus(exact.format(score))

/** A score as other software wrote it: all of its digits, as Redis has them where they are not ours. */
export function foreignScoreText(text: string): string {
  const score = Number(text)
  if (text === 'inf' || text === '-inf') return withMinus(text === 'inf' ? '∞' : '-∞')
  const plain =
    Number.isFinite(score) && Math.abs(score) <= Number.MAX_SAFE_INTEGER && Number(score.toFixed(3)) === score
  return plain ? scoreText(score) : withMinus(text)
}
