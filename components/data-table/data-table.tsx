'use client'

import { useState, type ReactNode } from 'react'
import { count } from '@/components/format/count'
import { cn } from '@/components/ui/cn'
import type { Memory } from '@/components/ui/memory'
import { nextSort, type DataColumn, type Sort } from './column'
import { DataRow } from './data-row'
import { HeaderCell } from './header-cell'
import { moveBetweenRows } from './move-between-rows'
import { useTableRows } from './use-table-rows'

export interface DataTableProps<Row> {
  /** Names the table for everybody. */
  label: string
  columns: DataColumn<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  /** Where a row leads; its first cell becomes the link, the whole row can be pressed. */
  rowHref?: (row: Row) => string | undefined
  /** Instead of leading somewhere, a row can be chosen. */
  onSelect?: (row: Row) => void
  selectedKey?: string | null
  /** Order kept by the caller (in the URL); without it the table keeps its own, from `defaultSort`. */
  sort?: Sort | null
  onSortChange?: (sort: Sort) => void
  defaultSort?: Sort
  alreadySorted?: boolean
  /** Colours bars and the edge of the chosen row. */
  memory?: Memory
  /** How many rows there are in all, where `rows` is cut off. */
  total?: number
  note?: ReactNode
  /** What stands instead of rows. */
  empty?: ReactNode
  /** Pixels; the rows scroll under a header that stays. */
  maxHeight?: number
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, memory, total, note, empty = 'Nothing here', maxHeight, onSortChange } = props
  const [own, setOwn] = useState<Sort | null>(props.defaultSort ?? null)
  const sort = props.sort === undefined ? own : props.sort
  const ordered = useTableRows(rows, columns, sort, props.alreadySorted ?? false)
  const press = (column: DataColumn<Row>) => {
    const next = nextSort(sort, column)
    if (props.sort === undefined) setOwn(next)
    onSortChange?.(next)
  }
  const cutOff = total !== undefined && total > rows.length
  return (
    <div data-memory={memory} className="@container">
      <div
        role="group"
        aria-label={label}
        tabIndex={0}
        className="overflow-auto -outline-offset-2"
        style={{ maxHeight }}
        onKeyDown={moveBetweenRows}
      >
        <table className="w-full border-separate border-spacing-0">
          <caption className="sr-only">{label}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.key} column={column} sort={sort} onPress={() => press(column)} />
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered.map((row) => (
              <DataRow
                key={rowKey(row)}
                row={row}
                columns={columns}
                href={props.rowHref?.(row)}
                onSelect={props.onSelect}
                selected={props.selectedKey === rowKey(row)}
              />
            ))}
            {ordered.length === 0 && (
              <tr>
                <td colSpan={columns.length} className="px-3.5 py-6 text-center text-muted">
                  {empty}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {(cutOff || note) && (
        <p
          className={cn('flex flex-wrap justify-between gap-x-4 border-t border-line px-3.5 py-1.5 text-sm text-faint')}
        >
          {cutOff && (
            <span>
              {count(rows.length)} of {count(total)}
            </span>
          )}
          {note && <span className="ml-auto">{note}</span>}
        </p>
      )}
    </div>
  )
}
