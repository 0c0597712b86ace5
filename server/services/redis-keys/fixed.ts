import { trashName } from '@/db/redis/key-write'
import { isEngrams } from './key-family'
import type { OpenedRedis } from './redis-of'

/** What waits for an undo must be forgotten at little cost, because Redis does that at a moment of its own. */
const UNDO_BYTES = 1024 * 1024

/** Why a key cannot be changed from here, whoever asks; null where a role alone decides. */
export function fixedBecause({ name, writable }: Pick<OpenedRedis, 'name' | 'writable'>, key: Buffer): string | null {
  if (isEngrams(key)) return 'This key is Engram’s own: it is changed on its screen, where what belongs to it follows.'
  return writable ? null : `${name} is read-only here until an admin allows changes.`
}

/** Whether a deletion can be taken back for a while. `bytes` is what the key weighs. */
export const isUndoable = ({ redis }: OpenedRedis, key: Buffer, bytes: number | null): boolean =>
  bytes !== null && bytes <= UNDO_BYTES && trashName(redis, key, '') !== null
