import { selectKeyFamilies } from '@/db/postgres/queries/key-families'
import { type BoardFacts, type ForeignRanked, readBoardFacts, readPlaces } from '@/db/redis/foreign-boards'
import { countKeys, walkKeys } from '@/db/redis/key-scan'
import type { Stores } from '@/server/services/context'
import { noSuchFamily, ownedBy } from '@/server/services/cache/census/owned-by'
import { keyText } from '@/server/services/redis-keys/key-text.schema'
import { askRedis, type OpenedRedis, redisOf } from '@/server/services/redis-keys/redis-of'
import { begunAnew } from '@/server/services/redis-keys/scan-keys'
import { mostPlaces } from './most-places'
import type { ListForeignBoards } from './foreign-boards.schema'

const PAGE = 50
const BUDGET_MS = 250
const AT_ONCE = 25
const CHARACTERS = 200

/** The declared families of leaderboards, and which software wrote them. */
export async function boardFamilies({ db }: Pick<Stores, 'db'>) {
  const declared = await selectKeyFamilies(db)
  return declared
    .filter(({ kind }) => kind === 'leaderboard')
    .map(({ name, pattern, software }) => ({ name, pattern, software }))
}
export type BoardFamily = Awaited<ReturnType<typeof boardFamilies>>[number]

/** One step through the sorted sets of a family, and how far it has come: the caller asks for the next one. */
export async function listForeignBoards(stores: Stores, input: ListForeignBoards) {
  const declared = await selectKeyFamilies(stores.db)
  const family = declared.find(({ name, kind }) => name === input.family && kind === 'leaderboard')
  if (!family) throw noSuchFamily('leaderboards')
  const owns = ownedBy(declared, family.name)
  const opened = await redisOf(stores, input.connection)
  return askRedis(opened, async () => {
    const total = await countKeys(opened.redis)
    const until = performance.now() + BUDGET_MS
    const found = new Map<string, Awaited<ReturnType<typeof boardAt>>>()
    let [looked, next] = [0, input.cursor]
    const asked = { pattern: Buffer.from(family.pattern), type: 'zset', cursor: input.cursor }
    for await (const batch of walkKeys(opened.redis, asked)) {
      const mine = batch.keys.map(({ name }) => name).filter(owns)
      for (let at = 0; at < mine.length; at += AT_ONCE)
        for (const board of await Promise.all(mine.slice(at, at + AT_ONCE).map((key) => boardAt(opened, key))))
          if (board) found.set(board.key, board)
      looked += batch.looked
      next = batch.cursor
      if (found.size >= PAGE || performance.now() >= until) break
    }
    const boards = [...found.values()].filter((board) => board !== null)
    return { asOf: new Date().toISOString(), boards, looked, total, next }
  }).catch(begunAnew)
}
export type ForeignBoardList = Awaited<ReturnType<typeof listForeignBoards>>
export type ListedForeignBoard = ForeignBoardList['boards'][number]

/** Null for what went, or became something else, in between. */
async function boardAt(opened: OpenedRedis, key: Buffer) {
  const facts = await readBoardFacts(opened.redis, key)
  if (facts?.type !== 'zset') return null
  const [leader] = mostPlaces(facts) === 0 ? [] : await readPlaces(opened.redis, { key, lowest: false }, 0, 1)
  return {
    key: key.toString('base64url'),
    name: keyText(key, CHARACTERS),
    ...shownFacts(facts),
    highest: leader ? shownRanked(leader) : null,
  }
}

export const shownFacts = ({ members, bytes, expiresAt }: BoardFacts) => ({
  ...{ members, bytes },
  /** Null where it never ends by itself. */
  expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
})

/** A member is bytes: as text, cut, and as it is asked for. */
export const shownRanked = ({ member, score }: ForeignRanked) => ({
  member: keyText(member, CHARACTERS),
  id: member.toString('base64url'),
  score,
})
