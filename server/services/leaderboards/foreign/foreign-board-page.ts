import { type ForeignRanked, readBoardFacts, readPlaceOf, readPlaces, readSpread } from '@/db/redis/foreign-boards'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { keyText } from '@/server/services/redis-keys/key-text.schema'
import { askRedis, redisOf } from '@/server/services/redis-keys/redis-of'
import { type ForeignBoardPage, PLACES } from './foreign-boards.schema'
import { shownFacts, shownRanked } from './list-foreign-boards'
import { mostPlaces } from './most-places'

const BINS = 20
const AROUND = 3

/**
 * A sorted set of other software as a leaderboard: a page of its places, one member among its neighbours, how scores lie. Every
 * command is O(log n) and brings little (R8). @throws AppError `not_found`, `conflict` for what is no sorted set
 */
export async function foreignBoardPage(
  stores: Stores,
  { connection, key: name, page, lowest, member }: ForeignBoardPage,
) {
  const opened = await redisOf(stores, connection)
  const key = Buffer.from(name, 'base64url')
  return askRedis(opened, async () => {
    const facts = await readBoardFacts(opened.redis, key)
    if (!facts) throw new AppError('not_found', 'There is no key of this name (any more).', { field: 'key' })
    if (facts.type !== 'zset')
      throw new AppError('conflict', `This key is no sorted set but a ${facts.type}.`, { field: 'key' })
    const most = mostPlaces(facts)
    const way = { key, lowest }
    const places = async (from: number, count: number) =>
      most === 0 ? [] : (await readPlaces(opened.redis, way, from, Math.min(count, most))).map(placed(from))
    const at = member === null ? null : await readPlaceOf(opened.redis, way, Buffer.from(member, 'base64url'))
    const first = Math.max(0, (at ?? 0) - AROUND)
    const [ranking, around, spread] = await Promise.all([
      places(page * PLACES, PLACES),
      at === null ? [] : places(first, at - first + 1 + AROUND),
      readSpread(opened.redis, key, BINS),
    ])
    return {
      asOf: new Date().toISOString(),
      name: keyText(key, 1_000),
      redis: opened.name,
      ...shownFacts(facts),
      ranking,
      /** How many of a page's places were read: fewer where members are large, none where one alone is too large. */
      most,
      /** Null for who is not on it; `member` null where nobody was asked for. */
      place: at === null ? null : at + 1,
      around,
      spread,
    }
  })
}
export type ForeignBoardView = Awaited<ReturnType<typeof foreignBoardPage>>
export type ForeignPlace = ForeignBoardView['ranking'][number]

const placed = (from: number) => (one: ForeignRanked, index: number) => ({
  rank: from + index + 1,
  ...shownRanked(one),
})
