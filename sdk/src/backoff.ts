import { setTimeout as sleep } from 'node:timers/promises'

/** Doubles from `firstMs` up to `mostMs`; random by half, so that many processes do not come back at the same instant. */
export function backoffMs(attempt: number, { firstMs, mostMs }: { firstMs: number; mostMs: number }): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2)
}

/** A wait that keeps no process alive. */
export const pause = (ms: number) => sleep(ms, undefined, { ref: false })
