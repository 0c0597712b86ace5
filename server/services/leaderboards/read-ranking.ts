import { type BoardName, countMembers, selectAround, selectTop } from '@/db/postgres/queries/leaderboards'
import { readAround, readTop } from '@/db/redis/leaderboards'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { isSettled, redisInTime } from '@/server/services/redis-in-time'
import type { BoardDirectory } from './board-directory'
import type { Place, Ranking } from './leaderboards.schema'

/** What a read may wait for Redis, so that with Postgres' answer after it R5's 150 ms are kept. */
const LOOKUP_MS = 60

const askRedis = <T>({ redis }: Pick<Stores, 'redis'>, ask: () => Promise<T>) =>
  isSettled(redis) ? redisInTime(LOOKUP_MS, redis, ask) : Promise.resolve(null)

/** The first of a board: from Redis, or from the ledger while no ranking is to be had. @throws AppError `not_found` */
export async function readRanking(
  stores: Stores,
  directory: Pick<BoardDirectory, 'require'>,
  { top, ...name }: BoardName & { top: number },
): Promise<Ranking> {
  const board = await directory.require(name)
  const live = await askRedis(stores, () => readTop(stores.redis, board, top))
  const { members, ranking } = live ?? {
    members: await countMembers(stores.db, board.id),
    ranking: await selectTop(stores.db, board.id, top),
  }
  return {
    board: board.name,
    members,
    ranking: ranking.map(({ member, score }, index) => ({ rank: index + 1, member, score: Number(score) })),
    source: live ? 'redis' : 'postgres',
  }
}

/** Where a member stands, and among whom. @throws AppError `not_found` for a board or a member that there is none of. */
export async function readPlace(
  stores: Stores,
  directory: Pick<BoardDirectory, 'require'>,
  { member, around, ...name }: BoardName & { member: string; around: number },
): Promise<Place> {
  const board = await directory.require(name)
  const live = await askRedis(stores, () => readAround(stores.redis, board, { member, around }))
  const place = live ?? (await fromLedger(stores, board.id, { member, around }))
  const own = place.ranking[place.rank - place.first]
  if (place.rank === -1 || !own) throw new AppError('not_found', 'This member has no score on it.', { field: 'member' })
  return {
    board: board.name,
    member,
    rank: place.rank + 1,
    score: Number(own.score),
    members: place.members,
    neighbours: place.ranking.map(({ member, score }, index) => ({
      rank: place.first + index + 1,
      member,
      score: Number(score),
    })),
    source: live ? 'redis' : 'postgres',
  }
}

async function fromLedger({ db }: Pick<Stores, 'db'>, id: string, who: { member: string; around: number }) {
  const [found, members] = await Promise.all([selectAround(db, id, who), countMembers(db, id)])
  if (!found) return { members, rank: -1, first: 0, ranking: [] }
  const { own, rank, before, after } = found
  return { members, rank, first: rank - before.length, ranking: [...before, own, ...after] }
}
