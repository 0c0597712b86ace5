import type { Allowed } from '@/db/redis/sessions'
import type { LookupCounter } from '@/server/services/cache/lookup-counter'
import type { Stores } from '@/server/services/context'
import { inItsStore } from './in-its-store'
import { noSession } from './no-session'
import { notOurs } from './session-truth'
import type { Session, Turn } from './sessions.schema'

type Asked = { id: string; allowed: Allowed; simulated?: boolean; lookups?: Pick<LookupCounter, 'note'> }

/** The session with its last turns; reading it starts its time anew. @throws AppError `not_found` */
export async function getSession(stores: Stores, { id, allowed, simulated = false, lookups }: Asked): Promise<Session> {
  const found = await inItsStore(stores, id, async (store, namespace) => {
    const found = await store.read(id, allowed)
    // What is not there is of whom could have it, where that is one tenant only.
    const tenant = found?.tenant ?? (allowed?.length === 1 ? allowed[0] : undefined)
    const of = { namespace: namespace ?? '', tenant, simulated }
    if (store.name === 'redis') lookups?.note('sessions', found !== null, of)
    return found
  })
  if (found === null) throw noSession()
  const { tenant, user, ttlSeconds, createdAt } = found
  const [data, ...turns] = [found.data, ...found.turns].map(parsed)
  const expiresAt = new Date(Date.now() + ttlSeconds * 1000).toISOString()
  return { id, tenant, user, ttlSeconds, data, turns: turns as Turn[], createdAt, expiresAt }
}

/** Only another program can have written what is no JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw notOurs(cause)
  }
}
