import type { Invalidations } from '@/db/redis/invalidations'
import { pushedCopies } from '@/server/services/pushed-copies'
import type { PromptOnChannel } from './prompts.schema'
import type { ServedChannel } from './served-channel'

/** The process's own copies of what channels serve (R4). */
export function promptCopies(invalidations: Pick<Invalidations, 'live' | 'listen'>) {
  const copies = pushedCopies<ServedChannel>(invalidations, (message) =>
    message.family === 'prompts' ? { key: keyOf(message) } : null,
  )
  return {
    ...copies,
    get: (key: PromptOnChannel) => copies.get(keyOf(key)),
    keep: (key: PromptOnChannel, served: ServedChannel, before: number | null) =>
      copies.keep(keyOf(key), served, before),
  }
}

const keyOf = ({ name, channel }: PromptOnChannel) => `${channel} ${name}`
