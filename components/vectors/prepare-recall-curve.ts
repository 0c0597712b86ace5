/** A measured point of the curve; its width is an ef_search, or how many probes. */
export type CurvePoint = { width: number; recall: number; msP95: number }
type Drawn = {
  /** 0 to 1 across and up. */
  recall: { x: number; y: number }[]
  latency: { x: number; y: number }[]
  ticks: { x: number; label: string }[]
  /** Where the cheapest width and the target stand; null where there is none. */
  mark: number | null
  target: number
  /** What the foot of the drawing means. */
  floor: number
  slowestMs: number
}

/**
 * Recall and p95 over the width of searches, whose axis is logarithmic, as wide steps cost what they cost. The axis of recall begins at
 * the next tenth below the least of it, so that differences can be seen; latency begins at nothing.
 */
export function prepareRecallCurve(
  points: readonly CurvePoint[],
  target: number,
  cheapest: number | null,
): Drawn | null {
  const sorted = [...points].sort((a, b) => a.width - b.width)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (!first || !last) return null
  const [from, to] = [Math.log2(first.width), Math.log2(last.width)]
  const x = (width: number) => (to === from ? 0.5 : (Math.log2(width) - from) / (to - from))
  const least = Math.min(target, ...sorted.map(({ recall }) => recall))
  const floor = Math.max(0, Math.floor((least - 0.02) * 10) / 10)
  const y = (recall: number) => (recall - floor) / (1 - floor)
  const slowestMs = Math.max(...sorted.map(({ msP95 }) => msP95))
  return {
    recall: sorted.map(({ width, recall }) => ({ x: x(width), y: y(recall) })),
    latency: sorted.map(({ width, msP95 }) => ({ x: x(width), y: slowestMs > 0 ? msP95 / slowestMs : 0 })),
    ticks: sorted.map(({ width }) => ({ x: x(width), label: String(width) })),
    mark: cheapest === null ? null : x(cheapest),
    target: y(target),
    floor,
    slowestMs,
  }
}
