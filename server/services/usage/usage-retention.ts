import { selectRetention, selectUsageMonths, type UsageMonth } from '@/db/postgres/queries/usage-retention'
import type { Stores } from '@/server/services/context'

export type UsageRetention = {
  keepMonths: number | null
  changedAt: Date | null
  changedBy: string | null
  months: UsageMonth[]
}

/** How long raw calls are kept, and the months there are, were, or are about to go. */
export async function usageRetention({ db }: Pick<Stores, 'db'>): Promise<UsageRetention> {
  const [retention, months] = await Promise.all([selectRetention(db), selectUsageMonths(db)])
  return { ...retention, months }
}
