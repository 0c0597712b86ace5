const DAY_MS = 24 * 3_600_000

/** Days that are summed up together, each size from two of the one before: 30 days are eight blocks at the most. */
export const BLOCK_SIZES = [2, 4, 8, 16] as const

/** So many days from `day` on; a block of several begins at a multiple of its size, counted from 1970. */
export type DayBlock = { day: Date; days: number }

/** The block of this size that a day lies in. */
export const blockAround = (day: Date, days: number): DayBlock => ({
  day: new Date(Math.floor(day.getTime() / (days * DAY_MS)) * days * DAY_MS),
  days,
})

/** The fewest blocks that make up [from, to), both midnights UTC, none of which reaches over one of the `cuts`. */
export function blocksBetween(from: Date, to: Date, cuts: Date[]): DayBlock[] {
  const ends = [...cuts.filter((cut) => cut > from && cut < to), to].map((end) => end.getTime() / DAY_MS)
  const blocks: DayBlock[] = []
  let day = from.getTime() / DAY_MS
  for (const end of ends.toSorted((a, b) => a - b))
    while (day < end) {
      const days = BLOCK_SIZES.findLast((size) => day % size === 0 && day + size <= end) ?? 1
      blocks.push({ day: new Date(day * DAY_MS), days })
      day += days
    }
  return blocks
}
