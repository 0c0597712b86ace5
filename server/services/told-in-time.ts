import { setTimeout as sleep } from 'node:timers/promises'
import { logError } from '@/server/log'

/** How long a change waits for Redis before it leaves the rest to the relay. */
const PATIENCE_MS = 2_000
const PAUSE_MS = 100

/** Repeats `tell` until Redis heard; false when it is left to the relay of the outbox. */
export async function toldInTime(what: string, tell: () => Promise<void>): Promise<boolean> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      await tell()
      return true
    } catch (error) {
      if (performance.now() + PAUSE_MS >= giveUpAt) {
        logError(`Redis was not told of ${what}, the relay will`, error)
        return false
      }
      await sleep(PAUSE_MS)
    }
  }
}
