import { selectDelivery, selectDeliveryTimes, selectProcessesOf } from '@/db/postgres/queries/deliveries'
import { selectPrompt } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { type ActivationDelivery, CONFIRMATIONS_KEPT_DAYS } from './confirmations.schema'
import type { PromptOnChannel } from './prompts.schema'
import { unknownPrompt } from './unknown'

const MOST_PROCESSES = 200
const MOST_ACTIVATIONS = 50
const KEPT_MS = CONFIRMATIONS_KEPT_DAYS * 24 * 3_600_000

/** How far an activation has come: committed, applied, and confirmed by which of the processes that were alive at it. */
export async function activationDelivery({ db }: Pick<Stores, 'db'>, input: ActivationDelivery) {
  const { name, channel, revision } = input
  const moved = { promptId: await idOf(db, name), channel, revision }
  const [delivery, processes] = await Promise.all([
    selectDelivery(db, moved),
    selectProcessesOf(db, { ...moved, limit: MOST_PROCESSES }),
  ])
  if (!delivery)
    throw new AppError('not_found', `${name} has no revision ${revision} on ${channel}.`, { field: 'revision' })
  const { committedAt, appliedAt, ...counts } = delivery
  return {
    ...counts,
    revision,
    committedAt: committedAt.toISOString(),
    appliedAt: appliedAt?.toISOString() ?? null,
    /** Whether who confirmed it has been forgotten since. */
    forgotten: committedAt.getTime() < Date.now() - KEPT_MS,
    processes: processes.map(({ process, alive, afterMs, ...row }) => ({
      ...row,
      id: process,
      afterMs,
      state: afterMs !== null ? ('confirmed' as const) : alive ? ('waiting' as const) : ('gone' as const),
    })),
    asOf: new Date().toISOString(),
  }
}
export type Delivery = Awaited<ReturnType<typeof activationDelivery>>
export type DeliveryProcess = Delivery['processes'][number]

/** How long the newest activations of a channel took to be served everywhere, oldest first. */
export async function deliveryTimes({ db }: Pick<Stores, 'db'>, { name, channel }: PromptOnChannel) {
  const times = await selectDeliveryTimes(db, { promptId: await idOf(db, name), channel, limit: MOST_ACTIVATIONS })
  return { times: times.map(({ at, ...time }) => ({ ...time, at: at.toISOString() })), asOf: new Date().toISOString() }
}
export type DeliveryTime = Awaited<ReturnType<typeof deliveryTimes>>['times'][number]

async function idOf(db: Stores['db'], name: string): Promise<number> {
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  return prompt.id
}
