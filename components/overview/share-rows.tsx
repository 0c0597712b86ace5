import { Link } from '@/components/ui/link'
import type { ReactNode } from 'react'
import { Bar } from '@/components/ui/bar'

export interface ShareRow {
  key: string
  label: ReactNode
  /** Of the largest or of the whole, 0 to 1. */
  share: number
  value: ReactNode
  note?: ReactNode
  href?: string
}

/** Names with a bar and a figure each: who has how much. */
export function ShareRows({ rows }: { rows: ShareRow[] }) {
  return (
    <ul className="pb-1.5">
      {rows.map(({ key, label, share, value, note, href }) => (
        <li
          key={key}
          className="relative grid grid-cols-[minmax(0,5fr)_minmax(48px,4fr)_minmax(64px,auto)] items-center gap-x-3 px-3.5 py-1.5 not-first:border-t not-first:border-line has-[a]:hover:bg-sunken"
        >
          {href ? (
            <Link href={href} className="truncate after:absolute after:inset-0">
              {label}
            </Link>
          ) : (
            <span className="truncate text-muted">{label}</span>
          )}
          <Bar share={share} />
          <span className="text-right whitespace-nowrap">
            {value}
            {note && <span className="ml-2 text-sm text-muted">{note}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
