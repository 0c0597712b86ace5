import { countCallsOfPrompt } from '@/db/postgres/queries/prompt-usage'
import type { Stores } from '@/server/services/context'
import type { PromptNamed } from './prompt-pages.schema'

export const TRAFFIC_MINUTES = 15

/** What a change of a prompt touches: its requests per minute, over the last quarter of an hour. */
export async function promptTraffic({ db }: Pick<Stores, 'db'>, { name }: PromptNamed) {
  const to = new Date()
  const from = new Date(to.getTime() - TRAFFIC_MINUTES * 60_000)
  const requests = await countCallsOfPrompt(db, { name, from, to })
  return { requests, minutes: TRAFFIC_MINUTES, perMinute: requests / TRAFFIC_MINUTES, asOf: to.toISOString() }
}
export type PromptTraffic = Awaited<ReturnType<typeof promptTraffic>>
