'use client'

import { getCoreRowModel, getSortedRowModel, useReactTable, type ColumnDef } from '@tanstack/react-table'
import type { DataColumn, Sort } from './column'

/** The rows in order. `alreadySorted` when the server sorted them, as it must where it also cut them off. */
export function useTableRows<Row>(
  rows: Row[],
  columns: DataColumn<Row>[],
  sort: Sort | null,
  alreadySorted: boolean,
): Row[] {
  const definitions = columns.map((column): ColumnDef<Row> => ({
    id: column.key,
    accessorFn: (row) => column.sortBy?.(row) ?? undefined,
    sortUndefined: 'last',
    sortingFn: column.numeric ? 'basic' : 'alphanumeric',
  }))
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions stay in this hook, nothing memoises them.
  const table = useReactTable({
    data: rows,
    columns: definitions,
    state: { sorting: sort ? [{ id: sort.key, desc: sort.descending }] : [] },
    manualSorting: alreadySorted,
    // There are no pages here, and resetting them sets state: with rows made in each render it would never end.
    autoResetAll: false,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  })
  return table.getRowModel().rows.map((row) => row.original)
}
