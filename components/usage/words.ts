import type { Breakdown } from '@/server/services/usage/usage.schema'

export const tabLabels: Record<Breakdown, string> = {
  tenant: 'Tenant',
  model: 'Model',
  user: 'User',
  prompt: 'Prompt version',
  provider: 'Provider',
}

/** What a part is called; one without a key is what the application left out. */
export const partName = (by: Breakdown, key: string | null) => key || (by === 'user' ? 'no user' : 'no prompt')
