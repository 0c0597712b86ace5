import type { ReactNode } from 'react'

/** One column of a DataTable: how its cells look and, if it may be sorted, by what. */
export interface DataColumn<Row> {
  key: string
  header: string
  /** Explains the header on hover: what is counted, over which window. */
  hint?: string
  cell: (row: Row) => ReactNode
  /** Makes the column sortable. Null sorts last either way: unknown is neither small nor large. */
  sortBy?: (row: Row) => string | number | null
  /** Figures stand right-aligned under each other. */
  numeric?: boolean
  /** CSS width; without it as wide as its content. */
  width?: string
  /** Left out where there is no room: what can be read elsewhere too. */
  wideOnly?: boolean
}

/** Kept in the URL by the page, so that a view can be sent to a colleague. */
export interface Sort {
  key: string
  descending: boolean
}

/** What a press on a header leads to: figures begin with the largest, texts with A; a second press turns it round. */
export function nextSort(current: Sort | null, column: { key: string; numeric?: boolean }): Sort {
  if (current?.key === column.key) return { key: column.key, descending: !current.descending }
  return { key: column.key, descending: column.numeric ?? false }
}
