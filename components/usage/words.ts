import type { Breakdown } from '@/server/services/usage/usage.schema'

export const tabLabels: Record<Breakdown, string> = {
  tenant: 'Tenant',
  model: 'Model',
  user: 'User',
  prompt: 'Prompt version',
  provider: 'Provider',
  status: 'Status',
}

/** What a part is called; one without a key is what the application left out. */
export const partName = (by: Breakdown, key: string | null) => key || (by === 'user' ? 'no user' : 'no prompt')

/** What was spent, as far as it is known; null where calls without a price stand beside nothing that cost anything (R7). */
export const knownCost = ({ costUsd, unpriced }: { costUsd: string; unpriced: number }) =>
  unpriced > 0 && Number(costUsd) === 0 ? null : costUsd
