import type { Db, Transaction } from '@/db/postgres/client'
import { beginWritingTurns, insertMessages } from '@/db/postgres/queries/written-turns'
import {
  deleteLiveSession,
  digestOfTurn,
  insertTurns,
  insertWholeSession,
  lockLiveSession,
  noteTurn,
  selectSession,
  selectWholeSession,
  sessionIsLive,
  touchSession,
  upsertSession,
  type WholeSession,
} from '@/db/postgres/queries/table-sessions'
import { logOutTableSessions } from '@/db/postgres/queries/table-session-lists'
import type { RedisStore } from '@/db/redis/client'
import { logOutSessions, type Meant } from '@/db/redis/logged-out'
import {
  type Allowed,
  appendTurn,
  deleteSession,
  KEPT_TURNS,
  peekSession,
  readSession,
  type Session,
  writeSession,
} from '@/db/redis/sessions'
import { readWholeSession, sessionExists, writeWholeSession } from '@/db/redis/whole-session'
import { sessionTruth } from './session-truth'
import type { Turn } from './sessions.schema'

export type NewTurn = { said: Turn; digest: string }
type Out = { logout: string; sessions: readonly Meant[]; keepMs: number }

/** The same of both memories. Redis: @throws AppError `unavailable`, `conflict`, as `sessionTruth` has it. */
export function redisSessions(redis: RedisStore) {
  const ask = <T>(what: () => Promise<T>) => sessionTruth(redis, what)
  return {
    name: 'redis' as const,
    write: (id: string, session: Session) => ask(() => writeSession(redis, id, session)),
    read: (id: string, allowed: Allowed) => ask(() => readSession(redis, id, allowed)),
    peek: (id: string) => ask(() => peekSession(redis, id)),
    append: (id: string, { said, digest }: NewTurn, allowed: Allowed) =>
      ask(() => appendTurn(redis, id, { turn: JSON.stringify(said), id: said.id ?? '', digest }, allowed)),
    delete: (id: string, allowed: Allowed) => ask(() => deleteSession(redis, id, allowed)),
    logOut: (out: Out) => ask(() => logOutSessions(redis, out)),
    has: (id: string) => ask(() => sessionExists(redis, id)),
    take: (id: string) => ask(() => readWholeSession(redis, id)),
    give: (id: string, whole: WholeSession) => ask(() => writeWholeSession(redis, id, whole)),
  }
}
export type SessionStore = Omit<ReturnType<typeof redisSessions>, 'name'> & { name: 'redis' | 'unlogged' }

type Within = Db & { transaction: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T> }

/** Sessions of a namespace in the unlogged table; `db` may be a transaction. */
export function tableSessions(db: Within, namespace: string): SessionStore {
  return {
    name: 'unlogged',
    write: (id, session) => upsertSession(db, { id, namespace }, session),
    read: (id, allowed) => touchSession(db, id, allowed),
    peek: (id) => selectSession(db, id),
    append: (id, turn, allowed) => db.transaction((tx) => appendToTable(tx, id, turn, allowed)),
    delete: (id, allowed) => deleteLiveSession(db, id, allowed),
    logOut: (out) => logOutTableSessions(db, out),
    has: (id) => sessionIsLive(db, id),
    take: (id) => selectWholeSession(db, id),
    give: (id, whole) => insertWholeSession(db, { id, namespace }, whole),
  }
}

/** The turn goes into the session and into `messages`, or into neither: nothing waits, and nothing can be lost. */
async function appendToTable(tx: Transaction, id: string, { said, digest }: NewTurn, allowed: Allowed) {
  await beginWritingTurns(tx)
  const session = await lockLiveSession(tx, id, allowed)
  if (!session) return null
  const { tenant, user, begun, turns, ttlSeconds } = session
  const life = { session: id, begun }
  const known = said.id === undefined ? null : await digestOfTurn(tx, life, said.id)
  if (known !== null && known !== digest) return 'other' as const
  const ordinal = known === null ? turns + 1 : turns
  if (known === null) {
    await insertTurns(tx, life, [{ ordinal, ownId: said.id ?? null, digest, turn: JSON.stringify(said) }])
    const { role, content, usageId = null } = said
    const message = { tenant, conversation: id, user, begun, ordinal, role, content, at: new Date(said.at), usageId }
    await insertMessages(tx, [message])
  }
  return { turns: await noteTurn(tx, life, { ordinal, kept: KEPT_TURNS }), ttlSeconds }
}
