import { type Holding, readHoldings } from '@/db/redis/foreign-sessions'
import { walkKeys } from '@/db/redis/key-scan'
import type { OpenedRedis } from '@/server/services/redis-keys/redis-of'
import type { SessionFamily } from './session-family'
import { userOf, type Whose } from './user-of'

export type ForeignSession = Omit<Holding, 'value' | 'tooLarge'> & Whose
export type ForeignBatch = {
  sessions: ForeignSession[]
  /** Keys under the pattern that hold no session, by their type. */
  others: number
  /** About how many keys were looked at. */
  looked: number
  /** Where the next batch begins; null after the last. */
  cursor: string | null
}

/** The sessions of a family, batch by batch, in no order: those of `user`, or all. R8: SCAN of 200 names, values up to 64 kB. */
export async function* walkForeign(
  opened: OpenedRedis,
  family: SessionFamily,
  { user, cursor }: { user: string | null; cursor: string | null },
): AsyncGenerator<ForeignBatch> {
  for await (const batch of walkKeys(opened.redis, { pattern: Buffer.from(family.pattern), cursor })) {
    const names = new Map(batch.keys.map(({ name }) => [name.toString('latin1'), name]))
    const mine = [...names.values()].filter(family.owns)
    const { sessions, others } = await readForeign(opened, family, mine)
    const meant = user === null ? sessions : sessions.filter((session) => session.user === user)
    yield { sessions: meant, others, looked: batch.looked, cursor: batch.cursor }
  }
}

/** What these keys hold, as far as they are there and hold sessions. */
export async function readForeign({ redis }: OpenedRedis, family: SessionFamily, keys: readonly Buffer[]) {
  const holdings = await readHoldings(redis, keys, family.decode === 'hash' ? family.userAt : null)
  const sessions = holdings.filter(({ type }) => fits(family, type)).map((holding) => sessionOf(family, holding))
  return { sessions, others: holdings.length - sessions.length }
}

/** What is opaque may be of any type; else it is as the family says. */
const fits = ({ decode }: SessionFamily, type: string) =>
  decode === 'opaque' || type === (decode === 'hash' ? 'hash' : 'string')

function sessionOf(family: SessionFamily, { value, tooLarge, ...holding }: Holding): ForeignSession {
  const whose: Whose = tooLarge
    ? { user: null, why: 'its value is above 64 kB and is not read for this list', readable: true }
    : userOf(family, value)
  return { ...holding, ...whose }
}
