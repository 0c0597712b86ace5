import { type Activation as Row, activationsBetween } from '@/db/postgres/queries/overview'
import type { Stores } from '@/server/services/context'
import { weightsOf } from '@/server/services/prompts/buckets'
import type { ArmWeight } from '@/server/services/prompts/prompts.schema'

/** More than this on one chart is a carpet; the newest count. */
const MOST_MARKS = 100

/** An activation as the browser gets it; `at` is when it was committed, as ISO date. */
export type Activation = Omit<Row, 'rollout' | 'at' | 'appliedAt'> & {
  /** Of a rollout: what subjects got from then on. */
  arms: ArmWeight[] | null
  at: string
  appliedAt: string | null
}

export const activationOf = ({ rollout, at, appliedAt, ...row }: Row): Activation => ({
  ...row,
  arms: rollout && weightsOf(rollout),
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
