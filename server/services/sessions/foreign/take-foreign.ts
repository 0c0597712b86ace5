import { createHash } from 'node:crypto'
import {
  deleteTakenKeys,
  insertTakenKeys,
  selectTakenKeys,
  type TakenKey,
  updateTakenKey,
} from '@/db/postgres/queries/session-logout-keys'
import type { Db } from '@/db/postgres/client'
import { readFacts } from '@/db/redis/key-read'
import { deleteKey, restoreKey, trashName } from '@/db/redis/key-write'
import type { Restored } from '@/db/redis/logged-out'
import { isUndoable } from '@/server/services/redis-keys/fixed'
import type { OpenedRedis } from '@/server/services/redis-keys/redis-of'
import type { SessionFamily } from './session-family'
import { readForeign } from './walk-foreign'

const AT_ONCE = 25
const MOST_TRIES = 3

type Taking = { logout: string; user: string | null; keepMs: number }

/**
 * Takes sessions of other software away, each by one rename to where nothing reads it, and says how many there were. One that
 * is no longer that of the user when it is taken stays. What is noted first is what an undo goes by, also after a crash.
 */
export async function takeForeign(
  db: Db,
  opened: OpenedRedis,
  family: SessionFamily,
  { keys, ...taking }: Taking & { keys: readonly Buffer[] },
): Promise<number> {
  let [out, left] = [0, keys]
  for (let tries = 0; tries < MOST_TRIES && left.length > 0; tries++) {
    const changed: Buffer[] = []
    for (let at = 0; at < left.length; at += AT_ONCE) {
      const done = await takeSome(db, opened, family, { keys: left.slice(at, at + AT_ONCE), ...taking })
      out += done.out
      changed.push(...done.changed)
    }
    left = changed
  }
  return out
}

type Meant = { key: Buffer; mark: string; expiresAt: number | null; undoable: boolean }

async function takeSome(
  db: Db,
  opened: OpenedRedis,
  family: SessionFamily,
  { keys, logout, user, keepMs }: Taking & { keys: readonly Buffer[] },
) {
  const meant = await stillMeant(opened, family, keys, user)
  const kept = meant.filter(({ undoable }) => undoable)
  const noted = await insertTakenKeys(
    db,
    logout,
    kept.map(({ key, expiresAt }) => ({ digest: digestOf(key), key: key.toString('base64url'), expiresAt })),
  )
  const rows = new Map(noted.map((row) => [row.key, row]))
  const done = await Promise.all(
    meant.map(async ({ key, mark }) => {
      const row = rows.get(key.toString('base64url'))
      const trash = row ? trashOf(opened, logout, row) : null
      return { key, row, ...(await deleteKey(opened.redis, { key, mark, trash, keepMs })) }
    }),
  )
  await deleteTakenKeys(
    db,
    logout,
    done.flatMap(({ row, refusal }) => (row && refusal ? [row.digest] : [])),
  )
  for (const { row, refusal, expiresAt } of done)
    if (row && !refusal && row.expiresAt !== expiresAt)
      await updateTakenKey(db, logout, { digest: row.digest, expiresAt })
  return {
    out: done.filter(({ refusal }) => refusal === null).length,
    changed: done.filter(({ refusal }) => refusal === 'changed').map(({ key }) => key),
  }
}

/** The mark before the look at whose it is: what changes after that is refused by the mark. */
async function stillMeant(
  opened: OpenedRedis,
  family: SessionFamily,
  keys: readonly Buffer[],
  user: string | null,
): Promise<Meant[]> {
  const facts = await Promise.all(keys.map((key) => readFacts(opened.redis, key)))
  const { sessions } = await readForeign(opened, family, keys)
  const theirs = new Set(
    sessions.filter((one) => user === null || one.user === user).map(({ key }) => key.toString('latin1')),
  )
  return keys.flatMap((key, n) => {
    const fact = facts[n]
    if (!fact || !theirs.has(key.toString('latin1'))) return []
    const { mark, expiresAt, bytes } = fact
    return [{ key, mark, expiresAt, undoable: isUndoable(opened, key, bytes) }]
  })
}

const digestOf = (key: Buffer) => createHash('sha256').update(key).digest('base64url')

/** Where a key waits that this log-out took. */
const trashOf = ({ redis }: OpenedRedis, logout: string, { digest, key }: TakenKey) =>
  trashName(redis, Buffer.from(key, 'base64url'), `${logout}:${digest}`)

const RESTORED_AT_ONCE = 50

/** Brings back what a log-out took, with the time that was left. */
export async function restoreForeign(db: Db, opened: OpenedRedis, logout: string): Promise<Restored> {
  const total: Restored = { restored: 0, taken: 0, expired: 0 }
  for (;;) {
    const rows = await selectTakenKeys(db, logout, { limit: RESTORED_AT_ONCE })
    if (rows.length === 0) return total
    await Promise.all(
      rows.map(async (row) => {
        const [key, trash] = [Buffer.from(row.key, 'base64url'), trashOf(opened, logout, row)]
        const said = trash ? await restoreKey(opened.redis, { key, trash, expiresAt: row.expiresAt }) : 'late'
        total[said === 'done' ? 'restored' : said === 'taken' ? 'taken' : 'expired']++
      }),
    )
    await deleteTakenKeys(
      db,
      logout,
      rows.map(({ digest }) => digest),
    )
  }
}
