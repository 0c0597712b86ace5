import type { Invalidations } from '@/db/redis/invalidations'
import type { PromptOnChannel } from './prompts.schema'
import type { ServedChannel } from './served-channel'

/** Either bound drops the copies that were made first. */
const MOST_COPIES = 2_000
const MOST_CHARACTERS = 32_000_000

/**
 * The process's own copies of what channels serve. They are used only while every invalidation is known to arrive, and kept
 * only if none arrived since before their read began; so none outlives its activation by 250 ms (R4).
 */
export function promptCopies(invalidations: Pick<Invalidations, 'live' | 'listen'>) {
  const copies = new Map<string, ServedChannel>()
  let characters = 0
  let generation = 0

  const drop = (key: string) => {
    characters -= copies.get(key)?.characters ?? 0
    copies.delete(key)
  }
  const stopListening = invalidations.listen({
    invalidated: (message) => {
      generation++
      if (message.family === 'prompts') drop(keyOf(message))
    },
    lost: () => {
      generation++
      copies.clear()
      characters = 0
    },
  })

  return {
    get: (key: PromptOnChannel) => (invalidations.live() ? copies.get(keyOf(key)) : undefined),
    /** Ask before reading; what it answers is what `keep` needs. Null: do not keep. */
    beforeRead: () => (invalidations.live() ? generation : null),
    keep(key: PromptOnChannel, served: ServedChannel, before: number | null) {
      if (before === null || before !== generation || !invalidations.live()) return
      drop(keyOf(key))
      copies.set(keyOf(key), served)
      characters += served.characters
      for (const oldest of copies.keys()) {
        if (copies.size <= MOST_COPIES && characters <= MOST_CHARACTERS) break
        drop(oldest)
      }
    },
    size: () => copies.size,
    close: stopListening,
  }
}

const keyOf = ({ name, channel }: PromptOnChannel) => `${channel} ${name}`
