import { count } from '@/components/format/count'
import type { ListedDuel, ListedNamespace } from '@/server/services/kv/kv-report'

export const storeNames = {
  redis: 'Redis',
  unlogged: 'unlogged table',
  logged: 'logged table',
} as const
export type StoreName = keyof typeof storeNames
export const storePhrases: Record<StoreName, string> = {
  redis: 'Redis',
  unlogged: 'the unlogged table',
  logged: 'the logged table',
}

/** What is lost, and when: what a store is chosen by. */
export const storeHints: Record<StoreName, string> = {
  redis: 'Fast. Lost when Redis loses its memory; evicted when it is full.',
  unlogged: 'Postgres without its log: emptied when Postgres crashes, no other server to run.',
  logged: 'Postgres, like every other table: nothing is lost.',
}

export const memoryOf = (store: StoreName) => (store === 'redis' ? 'redis' : 'postgres')

const phases: Record<ListedNamespace['phase'], string> = {
  settled: '',
  preparing: 'every process learns to write both',
  copying: 'copying',
  verifying: 'comparing both',
  switching: 'switched; every process learns to read it there',
  cleaning: 'emptying the old store',
  cancelling: 'cancelled; emptying what was copied',
}

/** "to Redis: copying, 120 entries so far". */
export function moveText({ phase, other, store, copied, verified, differed }: ListedNamespace): string {
  const before = phase === 'preparing' || phase === 'copying' || phase === 'verifying'
  const where = before ? `to ${storePhrases[other ?? store]}` : `from ${storePhrases[other ?? store]}`
  const so =
    phase === 'copying'
      ? `, ${count(copied)} so far`
      : phase === 'verifying'
        ? `, ${count(verified)} of ${count(copied)}${differed > 0 ? `, ${count(differed)} put right` : ''}`
        : ''
  return `${where}: ${phases[phase]}${so}`
}

const times = (ratio: number) => (ratio >= 10 ? count(Math.round(ratio)) : ratio.toFixed(1))

/** Whether the namespace needs Redis, in a sentence. */
export function verdictText({ verdict }: Pick<ListedNamespace, 'verdict'>): string {
  switch (verdict.kind) {
    case 'no_load':
      return 'Nothing was asked of it in this range.'
    case 'no_duel':
      return `${count(verdict.peakPerSecond)} operations/s at peak. A duel tells what Postgres carries.`
    case 'postgres':
      return `${count(verdict.peakPerSecond)} operations/s at peak; Postgres alone carries ${times(verdict.times)} times that. You do not need Redis for this namespace.`
    case 'tight':
      return `${count(verdict.peakPerSecond)} operations/s at peak; Postgres alone carries ${times(verdict.times)} times that: no room to grow.`
    case 'redis':
      return `${count(verdict.peakPerSecond)} operations/s at peak; Postgres alone carries ${Math.round(verdict.times * 100)} % of that. It needs Redis.`
  }
}

export function duelText({ state, done, operations, problem }: ListedDuel): string {
  switch (state) {
    case 'waiting':
      return 'Waits for the worker.'
    case 'running':
      return `${count(done)} of ${count(2 * operations)} operations`
    case 'done':
      return 'Done.'
    case 'stopped':
      return 'Stopped before its end: it decides nothing.'
    case 'failed':
      return `Failed: ${problem ?? 'nobody knows why.'}`
  }
}
