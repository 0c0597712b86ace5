import { setTimeout as sleep } from 'node:timers/promises'
import type { Stores } from '@/server/services/context'
import { pulseReader, type Pulse } from './read-pulse'

const PERIOD_MS = 2_000

/**
 * The heartbeat of every open console page: one reading every two seconds per process, shared by all who listen, and
 * none while nobody does (R8).
 */
export function createPulse(stores: Stores) {
  const read = pulseReader(stores)
  let startedAt = 0
  let latest: Pulse | null = null
  let round: Promise<Pulse> | null = null

  const begin = async () => {
    await sleep(Math.max(0, startedAt + PERIOD_MS - Date.now()))
    startedAt = Date.now()
    latest = await read()
    return latest
  }
  const nextRound = () => (round ??= begin().finally(() => (round = null)))

  async function* listen(signal: AbortSignal | undefined): AsyncGenerator<Pulse, void, void> {
    if (latest && Date.now() - startedAt < PERIOD_MS) yield latest
    while (!signal?.aborted) yield await nextRound()
  }

  /** Whether the newest reading found Postgres down; false where no reading is recent enough to say so. */
  const postgresDown = () => latest !== null && !latest.postgres.up && Date.now() - startedAt < 2 * PERIOD_MS

  return { listen, postgresDown }
}

const pulses = new WeakMap<Stores['db'], ReturnType<typeof createPulse>>()

export function pulseOf(stores: Stores) {
  const known = pulses.get(stores.db)
  if (known) return known
  const made = createPulse(stores)
  pulses.set(stores.db, made)
  return made
}
