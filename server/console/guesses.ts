import { createHash } from 'node:crypto'
import { APIError } from 'better-auth/api'
import { countWithinWindow } from '@/db/redis/operators'
import type { Stores } from '@/server/services/context'

const WINDOW_SECONDS = 60
const MAX_GUESSES = 10
const MAX_REMEMBERED = 10_000

const counts = new Map<string, { count: number; until: number }>()

/** Ten tries a minute for an account, from wherever they come; counted in this process while Redis does not answer. */
export async function refuseGuessing({ redis }: Pick<Stores, 'redis'>, email: string): Promise<void> {
  const account = createHash('sha256').update(email.trim().toLowerCase()).digest('base64url')
  const count = (await countWithinWindow(redis, account, WINDOW_SECONDS)) ?? countHere(account)
  if (count > MAX_GUESSES)
    throw new APIError('TOO_MANY_REQUESTS', {
      code: 'TOO_MANY_TRIES',
      message: 'Too many tries for this account. Wait a minute, then try again.',
    })
}

function countHere(account: string): number {
  const now = Date.now()
  const known = counts.get(account)
  const entry = known && known.until > now ? known : { count: 0, until: now + WINDOW_SECONDS * 1000 }
  entry.count++
  counts.delete(account)
  counts.set(account, entry)
  const oldest = counts.size > MAX_REMEMBERED ? counts.keys().next().value : undefined
  if (oldest) counts.delete(oldest)
  return entry.count
}
