import { type Key, selectKeyByHash } from '@/db/postgres/queries/keys'
import { AppError } from '@/server/errors'
import type { Actor, Stores } from '@/server/services/context'
import { hashOfKey, isKeyText } from './key-text'
import { revocationSeconds } from './keys.schema'

/** The key that this text is, straight from Postgres; null when it is none, or a revoked one. */
export async function authenticateKey({ db }: Pick<Stores, 'db'>, plaintext: string): Promise<Key | null> {
  return isKeyText(plaintext) ? selectKeyByHash(db, hashOfKey(plaintext)) : null
}

/** Who acts when a key does. Only an operator key may change what operators change. */
export const actorOfKey = ({ id, name, scope }: Key): Actor => ({
  kind: 'key',
  id,
  name,
  role: scope === 'operator' ? 'operator' : 'viewer',
})

const TRUSTED_MS = revocationSeconds * 1000
const RENEW_AFTER_MS = TRUSTED_MS / 2
const PATIENCE_MS = 200
const RETRY_AFTER_MS = 1_000
const REMEMBERED = 10_000

type Remembered = { key: Key | null; checkedAt: number; triedAt: number; renewal: Promise<Key | null> | null }

/**
 * An authenticator for the gateway. What Postgres said of a key holds for five seconds and is renewed in the
 * background before they end, so that no request waits for it. Only while Postgres does not answer it holds for
 * longer: warm reads go on (R5). @throws AppError `unavailable` when a key is not known and cannot be checked.
 */
export function keyAuthenticator(stores: Pick<Stores, 'db'>, now: () => number = Date.now) {
  const known = new Map<string, Remembered>()

  const ask = async (hash: string) => {
    const asked = now()
    const key = await selectKeyByHash(stores.db, hash)
    known.delete(hash)
    known.set(hash, { key, checkedAt: asked, triedAt: asked, renewal: null })
    const oldest = known.size > REMEMBERED ? known.keys().next().value : undefined
    if (oldest) known.delete(oldest)
    return key
  }

  const renew = (hash: string, entry: Remembered): Promise<Key | null> => {
    if (entry.renewal) return entry.renewal
    if (now() - entry.triedAt < RETRY_AFTER_MS && entry.triedAt > entry.checkedAt) return Promise.resolve(entry.key)
    entry.triedAt = now()
    entry.renewal = ask(hash)
      .catch(() => entry.key) // Postgres does not answer: the entry stays, and is tried again in a second.
      .finally(() => (entry.renewal = null))
    return entry.renewal
  }

  return async (plaintext: string): Promise<Key | null> => {
    if (!isKeyText(plaintext)) return null
    const hash = hashOfKey(plaintext)
    const entry = known.get(hash)
    if (!entry) return ask(hash).catch(refuse)
    const age = now() - entry.checkedAt
    if (age < RENEW_AFTER_MS) return entry.key
    const renewal = renew(hash, entry)
    return age < TRUSTED_MS ? entry.key : Promise.race([renewal, after(PATIENCE_MS, entry.key)])
  }
}

const refuse = (cause: unknown): never => {
  throw new AppError('unavailable', 'Keys cannot be checked: Postgres does not answer.', { cause })
}

const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(resolve, ms, value).unref())
