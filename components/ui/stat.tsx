import type { ReactNode } from 'react'
import { cn } from './cn'

/** Stats side by side, divided by hairlines; they wrap to two columns where there is no room. */
export function Stats({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <dl
      className={cn(
        'grid grid-cols-2 sm:grid-flow-col sm:auto-cols-fr sm:grid-cols-none',
        'sm:[&>div+div]:border-l [&>div]:border-line',
        className,
      )}
    >
      {children}
    </dl>
  )
}

/** One figure: label, value with its unit in small print, a remark, and a sparkline below. */
export function Stat({
  label,
  value,
  unit,
  remark,
  children,
}: {
  label: string
  value: ReactNode
  unit?: ReactNode
  remark?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="min-w-0 px-3.5 pt-1.5 pb-3">
      <dt className="truncate text-sm leading-5 text-muted">{label}</dt>
      <dd className="text-figure font-semibold whitespace-nowrap tabular-nums">
        {value}
        {unit && <small className="text-base font-medium tracking-normal text-muted"> {unit}</small>}
      </dd>
      <dd className="truncate text-sm text-muted">{remark ?? '\u00a0'}</dd>
      {children && <dd className="mt-1.5">{children}</dd>}
    </div>
  )
}
