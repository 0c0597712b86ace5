import type { Series } from './chart'

const shades = [100, 70, 48, 32, 22, 15]
const tokens = { redis: 'var(--redis)', postgres: 'var(--pg)' } as const

/** Shades of the memory's own colour, strongest first; what belongs to no memory is neutral. */
export function seriesColour(series: Series[], index: number): string {
  const one = series[index]
  if (!one?.memory) return 'var(--faint)'
  // A dashed series is told apart by its dashes and keeps the full colour.
  const rank = one.dashed
    ? 0
    : series.slice(0, index).filter(({ memory, dashed }) => memory === one.memory && !dashed).length
  const shade = shades[Math.min(rank, shades.length - 1)] ?? 100
  return shade === 100 ? tokens[one.memory] : `color-mix(in oklch, ${tokens[one.memory]} ${shade}%, var(--panel))`
}
