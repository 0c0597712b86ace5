import { type Activation as Row, activationsBetween } from '@/db/postgres/queries/overview'
import type { Stores } from '@/server/services/context'

/** More than this on one chart is a carpet; the newest count. */
const MOST_MARKS = 100

/** An activation as the browser gets it; `at` is when it was committed, as ISO date. */
export type Activation = Omit<Row, 'at' | 'appliedAt'> & { at: string; appliedAt: string | null }

export const activationOf = ({ at, appliedAt, ...row }: Row): Activation => ({
  ...row,
  at: at.toISOString(),
  appliedAt: appliedAt?.toISOString() ?? null,
})

/** The activations that stand on the charts of a range, oldest first. */
export async function activationMarks(
  { db }: Pick<Stores, 'db'>,
  range: { from: Date; to: Date },
): Promise<Activation[]> {
  const rows = await activationsBetween(db, { ...range, limit: MOST_MARKS })
  return rows.map(activationOf).reverse()
}
