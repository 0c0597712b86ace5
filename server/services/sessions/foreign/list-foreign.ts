import { selectKeyFamilies } from '@/db/postgres/queries/key-families'
import { countKeys } from '@/db/redis/key-scan'
import type { Stores } from '@/server/services/context'
import { isUndoable } from '@/server/services/redis-keys/fixed'
import { keyText } from '@/server/services/redis-keys/key-text.schema'
import { askRedis, type OpenedRedis } from '@/server/services/redis-keys/redis-of'
import { begunAnew } from '@/server/services/redis-keys/scan-keys'
import type { ListForeign, PeekForeign } from './foreign-sessions.schema'
import { openFamily } from './session-family'
import { type ForeignSession, readForeign, walkForeign } from './walk-foreign'

const PAGE = 50
const BUDGET_MS = 250
const COUNT_BUDGET_MS = 400
const SAMPLE = 5
const NAME_CHARACTERS = 200

/** The declared families of sessions, and which software wrote them. */
export async function sessionFamilies({ db }: Pick<Stores, 'db'>) {
  const declared = await selectKeyFamilies(db)
  return declared
    .filter(({ kind }) => kind === 'session')
    .map(({ name, pattern, decode, userAt, software }) => ({ name, pattern, decode, userAt, software }))
}
export type ListedFamily = Awaited<ReturnType<typeof sessionFamilies>>[number]

/** One step through the sessions of other software, and how far it has come: the caller asks for the next one. */
export async function listForeign(stores: Stores, input: ListForeign) {
  const { opened, family } = await openFamily(stores, input)
  return askRedis(opened, async () => {
    const total = await countKeys(opened.redis)
    const until = performance.now() + BUDGET_MS
    const found = new Map<string, ForeignSession>()
    let [looked, others, next] = [0, 0, input.cursor]
    for await (const batch of walkForeign(opened, family, input)) {
      for (const session of batch.sessions) found.set(session.key.toString('latin1'), session)
      others += batch.others
      looked += batch.looked
      next = batch.cursor
      if (found.size >= PAGE || performance.now() >= until) break
    }
    return {
      asOf: new Date().toISOString(),
      sessions: [...found.values()].map((session) => shown(opened, session)),
      ...{ others, looked, total, next },
      writable: opened.writable,
    }
  }).catch(begunAnew)
}
export type ForeignList = Awaited<ReturnType<typeof listForeign>>
export type ListedForeign = ForeignList['sessions'][number]

/** One of them; null where there is none (any more), which is no error: sessions end. */
export async function peekForeign(stores: Stores, input: PeekForeign) {
  const { opened, family } = await openFamily(stores, input)
  const key = Buffer.from(input.key, 'base64url')
  if (!family.owns(key)) return null
  const { sessions } = await askRedis(opened, () => readForeign(opened, family, [key]))
  const [session] = sessions
  return session ? { ...shown(opened, session), writable: opened.writable } : null
}

/** One step of counting what a log-out would take: the caller asks for the next one. Nothing is changed. */
export async function countForeign(stores: Stores, input: ListForeign) {
  const { opened, family } = await openFamily(stores, input)
  return askRedis(opened, async () => {
    const total = await countKeys(opened.redis)
    const until = performance.now() + COUNT_BUDGET_MS
    const found = new Map<string, ForeignSession>()
    let [looked, next] = [0, input.cursor]
    for await (const batch of walkForeign(opened, family, input)) {
      for (const session of batch.sessions) found.set(session.key.toString('latin1'), session)
      looked += batch.looked
      next = batch.cursor
      if (performance.now() >= until) break
    }
    const sessions = [...found.values()].map((session) => shown(opened, session))
    const forGood = sessions.filter(({ undoable }) => !undoable).length
    return { matched: sessions.length, forGood, sample: sessions.slice(0, SAMPLE), looked, total, next }
  }).catch(begunAnew)
}

function shown(opened: OpenedRedis, { key, type, bytes, expiresAt, user, why, readable }: ForeignSession) {
  return {
    key: key.toString('base64url'),
    name: keyText(key, NAME_CHARACTERS),
    ...{ type, bytes, user, why, readable },
    /** Null where it never ends by itself. */
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    /** Whether a log-out can be taken back. */
    undoable: isUndoable(opened, key, bytes),
  }
}
