import type { ValueKind } from '@/components/format/value'
import type { Memory } from '@/components/ui/memory'

/** A sample: epoch milliseconds and a value; null is a sample that is known to be missing, never a zero (R12). */
export interface Point {
  t: number
  v: number | null
}

/** An event that stands on every chart of the page: an activation, a flag. */
export interface Marker {
  t: number
  label: string
  href?: string
  severity?: 'bad' | 'warn'
}

/** A stretch without samples whose reason is known: "no samples before 11:20". */
export interface Gap {
  from: number
  to: number
  reason: string
  /** The memory whose samples are missing; without one, all. */
  memory?: Memory
}

export interface Lane {
  key: string
  label: string
  unit: string
  memory: Memory
  kind: 'line' | 'area'
  points: Point[]
  /** The newest value, and what it was before; amounts of money as decimal strings (R7). */
  now: number | string | null
  was?: number | string | null
  format: ValueKind
}

export interface Series {
  key: string
  label: string
  points: Point[]
  /** Without one the series takes the neutral colour: for what is only compared with. */
  memory?: Memory
  dashed?: boolean
}

/** Milliseconds since the epoch, both ends. */
export interface Span {
  from: number
  to: number
}

export const share = ({ from, to }: Span, t: number) => (t - from) / (to - from)
