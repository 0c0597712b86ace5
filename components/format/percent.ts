import { figureText, minus, missingFigure, withMinus, type Figure } from './figure'

/**
 * A ratio (0.64) as a percentage (64.0 %). Null is no ratio at all: a dash with its reason. What is not quite all or
 * nothing never reads as 100 % or 0 %: 0.9998 gives 99.98, 0.0001 gives "<0.1".
 */
export function percent(ratio: number | null, missing = 'nothing to divide by in this window'): Figure {
  if (ratio === null || Number.isNaN(ratio)) return missingFigure(missing)
  const points = ratio * 100
  if (points === 0 || points === 100) return { value: String(points), unit: '%' }
  if (Math.abs(points) < 0.05) return { value: points < 0 ? `>${minus}0.1` : '<0.1', unit: '%' }
  if (points < 100 && points >= 99.95) return { value: points >= 99.995 ? '>99.99' : points.toFixed(2), unit: '%' }
  return { value: withMinus(points.toFixed(1)), unit: '%' }
}

export const percentText = (ratio: number | null): string => figureText(percent(ratio))
