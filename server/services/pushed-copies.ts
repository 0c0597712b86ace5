import type { Invalidation, Invalidations } from '@/db/redis/invalidations'

/** Either bound drops the copies that were made first. */
const MOST_COPIES = 2_000
const MOST_CHARACTERS = 32_000_000

/**
 * A process's own copies of what Postgres holds. They are used only while every invalidation is known to arrive, and kept
 * only if none arrived since before their read began; so none outlives its change by 250 ms (R4). `about` says what a
 * message is about: the key of a copy, 'all', or nothing of these.
 */
export function pushedCopies<T extends { characters: number }>(
  invalidations: Pick<Invalidations, 'live' | 'listen'>,
  about: (message: Invalidation) => { key: string } | 'all' | null,
) {
  const copies = new Map<string, T>()
  let characters = 0
  let generation = 0

  const drop = (key: string) => {
    characters -= copies.get(key)?.characters ?? 0
    copies.delete(key)
  }
  const dropAll = () => {
    generation++
    copies.clear()
    characters = 0
  }
  const stopListening = invalidations.listen({
    invalidated: (message) => {
      generation++
      const dropped = about(message)
      if (dropped === 'all') dropAll()
      else if (dropped) drop(dropped.key)
    },
    lost: dropAll,
  })

  return {
    get: (key: string) => (invalidations.live() ? copies.get(key) : undefined),
    /** Ask before reading; what it answers is what `keep` needs. Null: do not keep. */
    beforeRead: () => (invalidations.live() ? generation : null),
    keep(key: string, copy: T, before: number | null) {
      if (before === null || before !== generation || !invalidations.live()) return
      drop(key)
      copies.set(key, copy)
      characters += copy.characters
      for (const oldest of copies.keys()) {
        if (copies.size <= MOST_COPIES && characters <= MOST_CHARACTERS) break
        drop(oldest)
      }
    },
    size: () => copies.size,
    close: stopListening,
  }
}
