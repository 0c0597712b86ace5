import { count } from '@/components/format/count'
import type { ListedSessionNamespace } from '@/server/services/sessions/sessions-report'

export type StoreName = ListedSessionNamespace['store']
export const storeNames: Record<StoreName, string> = { redis: 'Redis', unlogged: 'unlogged table' }
export const storePhrases: Record<StoreName, string> = { redis: 'Redis', unlogged: 'the unlogged table' }
export const memoryOf = (store: StoreName) => (store === 'redis' ? 'redis' : 'postgres')
export const otherOf = (store: StoreName): StoreName => (store === 'redis' ? 'unlogged' : 'redis')

/** What is lost with the store, which is what it is chosen by. */
export const lostWith: Record<StoreName, string> = {
  redis:
    'If Redis loses its memory, its sessions and turns of the last second are lost; when it is full it may evict them.',
  unlogged:
    'If Postgres crashes, its sessions are lost: the table is emptied. Turns are not: they are written at once.',
}

/** "moves to the unlogged table: 120 so far". */
export function moveText({ phase, store, moved }: ListedSessionNamespace): string {
  const to = storePhrases[otherOf(store)]
  return phase === 'preparing'
    ? `moves to ${to}: every process learns of it`
    : `moves to ${to}: ${count(moved)} so far, and each that is used`
}
