import type { ReactNode } from 'react'

/** Pairs of a name and a figure, one per line. */
export function Facts({ rows }: { rows: { name: string; value: ReactNode; hint?: string }[] }) {
  return (
    <dl>
      {rows.map(({ name, value, hint }) => (
        <div
          key={name}
          title={hint}
          className="flex flex-wrap items-baseline justify-between gap-x-3 border-t border-line px-3.5 py-1.5"
        >
          <dt className="text-muted">{name}</dt>
          <dd className="tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
