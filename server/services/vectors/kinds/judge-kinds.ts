/** A kind of a tenant's items, by what was counted: of the items in a sample, of the searches that Postgres answered. */
export type KindShare = { kind: string; rows: number; rowShare: number; searches: number; searchShare: number }

/** From so many searches on their shares say something. */
const ENOUGH_SEARCHES = 100
/** Filtered on by at least so many of them. */
const DOMINANT_SEARCH_SHARE = 0.2
/** Above it nearly every item that the whole index finds passes the filter anyway. */
const MOST_ROW_SHARE = 0.5
/** Fewer are filtered and compared at once. */
const LEAST_ROWS = 1_000

/** Whether an index of this kind alone pays: often asked for, and few enough that the whole index is searched in vain for it. */
export function paysOwnIndex({ rows, rowShare, searchShare }: KindShare, searches: number): boolean {
  return (
    searches >= ENOUGH_SEARCHES &&
    searchShare >= DOMINANT_SEARCH_SHARE &&
    rowShare <= MOST_ROW_SHARE &&
    rows >= LEAST_ROWS
  )
}
