import { selectScore } from '@/db/postgres/queries/leaderboard-ledger'
import type { Board } from '@/db/postgres/queries/leaderboards'
import { scoreLive } from '@/db/redis/leaderboards'
import { AppError } from '@/server/errors'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { noteTenant } from '@/server/services/tenants/ensure-tenants'
import { deltaText } from './add-to-ledger'
import { type BoardDirectory, boardDirectory } from './board-directory'
import type { Added, AddScore } from './leaderboards.schema'
import { boardIsClosed, notExact, otherPayload } from './no-such-board'
import { scoreWriter } from './score-writer'

type By = { name: string; simulated: boolean }
type Event = { id: string; member: string; delta: string }
type Counted = { score: number; duplicate: boolean }

/**
 * Takes scores for a process. A durable board's goes to the ledger first; a live board's to Redis first, and to the ledger
 * where Redis cannot take it now. An id counts once whichever way it came, and however often (see docs/decisions/0026).
 */
export function scores(stores: Stores, directory: BoardDirectory = boardDirectory(stores)) {
  const write = scoreWriter(stores)

  const toLedger = async (board: Board, event: Event): Promise<Counted | null> => {
    const written = await write(board, { ...event, entry: null })
    if (!written) return null
    if (written.outcome === 'conflict') throw otherPayload()
    const score = written.score ?? (await selectScore(stores.db, board.id, event.member))
    return { score: Number(score), duplicate: written.outcome === 'repeat' }
  }
  const toRedis = async (board: Board, event: Event): Promise<Counted | 'elsewhere'> => {
    const ask = () => redisTruth(stores.redis, () => scoreLive(stores.redis, board, event))
    // Asked again where the answer was not heard: the first may have counted, and the second says so.
    const scored = await ask()
      .catch((error) => (isAway(error) ? ask() : Promise.reject(error)))
      .catch((error) => {
        // Still unsure: the ledger takes it as well, and what both took is taken back from Redis.
        if (isAway(error)) return { outcome: 'unbuilt' as const }
        throw error
      })
    if (scored.outcome === 'unbuilt') return 'elsewhere'
    if (scored.outcome === 'closed') throw boardIsClosed(board.name)
    if (scored.outcome === 'range') throw notExact()
    if (scored.outcome === 'conflict') throw otherPayload()
    return { score: scored.score, duplicate: scored.outcome === 'repeat' }
  }

  return {
    directory,
    async add(name: string, { tenant, id, member, delta }: AddScore, by: By): Promise<Added> {
      const event = { id, member, delta: deltaText(delta) }
      for (let attempt = 1; attempt <= 3; attempt++) {
        const board = await directory.requireOrCreate({ tenant: tenant ?? null, name }, by.name)
        if (board.closedAt) throw boardIsClosed(name)
        if (tenant !== undefined) await noteTenant(stores, { slug: tenant, simulated: by.simulated })
        const inRedis = board.mode === 'live' ? await toRedis(board, event) : 'elsewhere'
        const counted = inRedis === 'elsewhere' ? await toLedger(board, event) : inRedis
        if (counted) return { board: name, member, ...counted }
        // Erased since this process heard of it: a new one of that name begins.
        directory.forget(board)
      }
      throw new AppError('conflict', 'This board is being erased right now; try again.', { field: 'board' })
    },
  }
}

const isAway = (error: unknown) => expected(error)?.code === 'unavailable'

export type Scores = ReturnType<typeof scores>
