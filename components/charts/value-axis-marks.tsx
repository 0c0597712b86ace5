import { valueText, type ValueKind } from '@/components/format/value'
import type { ValueAxis } from './prepare-value-axis'

const at = ({ min, max }: ValueAxis, tick: number) => `${((max - tick) / (max - min)) * 100}%`

export function ValueAxisLines({ axis }: { axis: ValueAxis }) {
  return axis.ticks.map((tick) => (
    <div key={tick} className="absolute inset-x-0 border-t border-line" style={{ top: at(axis, tick) }} />
  ))
}

export function ValueAxisLabels({ axis, kind }: { axis: ValueAxis; kind: ValueKind }) {
  return axis.ticks.map((tick) => (
    <span
      key={tick}
      aria-hidden
      className="absolute right-2 -translate-y-1/2 text-xs leading-none whitespace-nowrap text-faint tabular-nums"
      style={{ top: at(axis, tick) }}
    >
      {valueText(kind, tick).replace(/\.0(?=\s%)/, '')}
    </span>
  ))
}
