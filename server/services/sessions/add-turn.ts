import { createHash } from 'node:crypto'
import type { Allowed } from '@/db/redis/sessions'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { inItsStore } from './in-its-store'
import { noSession } from './no-session'
import type { TurnInput } from './sessions.schema'

/**
 * Adds a turn to a session, of which the last 50 are kept, and starts its time anew. Within a second it is in Postgres
 * too (see server/services/conversations/write-turns.ts), of a session in the table at once. One whose id is among them already is not added again.
 * @throws AppError `not_found`, `conflict` when its id names another turn, `unavailable`
 */
export async function addTurn(
  stores: Stores,
  { id, turn: said, allowed }: { id: string; turn: TurnInput; allowed: Allowed },
): Promise<{ turns: number; expiresAt: string }> {
  const now = Date.now()
  const { id: own = '', ...says } = said
  const digest = createHash('sha256').update(JSON.stringify(says)).digest('base64url')
  const turn = { said: { ...said, at: new Date(now).toISOString() }, digest }
  const added = await inItsStore(stores, id, (store) => store.append(id, turn, allowed))
  if (added === null) throw noSession()
  if (added === 'other')
    throw new AppError('conflict', `id: ${own} names a turn of this session that says something else`, { field: 'id' })
  if (added === 'full')
    throw new AppError('unavailable', 'Too many turns wait for Postgres already: nothing was kept; try again later.')
  return { turns: added.turns, expiresAt: new Date(now + added.ttlSeconds * 1000).toISOString() }
}
