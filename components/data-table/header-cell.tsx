'use client'

import { ArrowDown, ArrowUp } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { DataColumn, Sort } from './column'

export const cellPadding = 'px-2.5 first:pl-3.5 last:pr-3.5'
export const wideOnlyLook = 'hidden @2xl:table-cell'

export function HeaderCell<Row>({
  column,
  sort,
  onPress,
}: {
  column: DataColumn<Row>
  sort: Sort | null
  onPress: () => void
}) {
  const sorted = sort?.key === column.key ? (sort.descending ? 'descending' : 'ascending') : undefined
  const Arrow = sorted === 'descending' ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      aria-sort={column.sortBy ? (sorted ?? 'none') : undefined}
      title={column.hint}
      style={{ width: column.width }}
      className={cn(
        cellPadding,
        'sticky top-0 z-10 border-b border-line bg-panel py-1.5 text-left text-sm leading-5 font-normal whitespace-nowrap text-faint',
        column.numeric && 'text-right',
        column.wideOnly && wideOnlyLook,
      )}
    >
      {column.sortBy ? (
        <button
          type="button"
          onClick={onPress}
          className={cn(
            'group inline-flex items-center gap-1 rounded-sm align-bottom hover:text-text',
            column.numeric && 'flex-row-reverse',
            sorted && 'font-medium text-text',
          )}
        >
          {column.header}
          <Arrow aria-hidden className={cn('size-3', !sorted && 'opacity-0 group-hover:opacity-60')} />
        </button>
      ) : (
        column.header || <span className="sr-only">share</span>
      )}
    </th>
  )
}
