'use client'

import { Link } from '@/components/ui/link'
import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import type { DataColumn } from './column'
import { cellPadding, wideOnlyLook } from './header-cell'

/** Stretched over its row, so that the row can be pressed anywhere while there is one link to hear of. */
const stretched = 'rounded-sm text-left -outline-offset-1 after:absolute after:inset-0'

export function DataRow<Row>({
  row,
  columns,
  href,
  onSelect,
  selected,
}: {
  row: Row
  columns: DataColumn<Row>[]
  href?: string
  onSelect?: (row: Row) => void
  selected: boolean
}) {
  const pressable = href !== undefined || onSelect !== undefined
  const first = (content: ReactNode) => {
    if (href !== undefined)
      return (
        <Link href={href} data-row className={stretched} aria-current={selected || undefined}>
          {content}
        </Link>
      )
    if (onSelect)
      return (
        <button type="button" data-row className={stretched} aria-pressed={selected} onClick={() => onSelect(row)}>
          {content}
        </button>
      )
    return content
  }
  return (
    <tr
      className={cn(
        'relative',
        pressable && 'hover:bg-sunken',
        selected && 'bg-sunken shadow-[inset_2px_0_var(--memory)]',
      )}
    >
      {columns.map((column, i) => (
        <td
          key={column.key}
          className={cn(
            cellPadding,
            'border-t border-line py-1 whitespace-nowrap [tr:first-child>&]:border-t-0',
            // What can be pressed inside a cell stays above the stretched link.
            '[&_button:not([data-row])]:relative [&_button:not([data-row])]:z-1',
            column.numeric && 'text-right tabular-nums',
            column.wideOnly && wideOnlyLook,
          )}
        >
          {i === 0 ? first(column.cell(row)) : column.cell(row)}
        </td>
      ))}
    </tr>
  )
}
