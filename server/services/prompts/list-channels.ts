import { selectChannels } from '@/db/postgres/queries/channels'
import type { Stores } from '@/server/services/context'

/** The channels in use and those that have a setting; `production` always. */
export async function listChannels({ db }: Pick<Stores, 'db'>) {
  const { rows, more } = await selectChannels(db)
  const channels = rows.map(({ changedAt, ...channel }) => ({
    ...channel,
    changedAt: changedAt === null ? null : new Date(changedAt).toISOString(),
  }))
  return { channels, more }
}
export type ListedChannel = Awaited<ReturnType<typeof listChannels>>['channels'][number]
