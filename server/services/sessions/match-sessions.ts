import { lastPromptOfSessions } from '@/db/postgres/queries/session-usage'
import type { Stores } from '@/server/services/context'
import { promptOf } from '@/server/services/usage/usage-key'
import { prefixOf } from './places'
import type { SessionFilter } from './session-lists.schema'
import type { LiveSession } from './walk-sessions'

/** How long nobody touched it, in milliseconds: each touch starts its whole time anew. */
export const idleMs = ({ ttlSeconds, expiresAt }: LiveSession, now: number) =>
  Math.max(0, now - (expiresAt - ttlSeconds * 1000))

/** Those that meet every condition; only the prompt has to be asked of Postgres, and only for what is left. */
export async function matchSessions(
  { db }: Pick<Stores, 'db'>,
  sessions: readonly LiveSession[],
  filter: SessionFilter,
  now: number,
): Promise<LiveSession[]> {
  const { namespace, tenant, user, olderThanSeconds, idleSeconds, minBytes } = filter
  const found = sessions.filter(
    (session) =>
      (namespace === null || prefixOf(session.id) === namespace) &&
      (tenant === null || session.tenant === tenant) &&
      (user === null || session.user === user) &&
      (olderThanSeconds === null || now - Date.parse(session.createdAt) >= olderThanSeconds * 1000) &&
      (idleSeconds === null || idleMs(session, now) >= idleSeconds * 1000) &&
      (minBytes === null || session.bytes >= minBytes),
  )
  if (filter.prompt === null) return found
  const asked = promptOf(filter.prompt)
  const known = found.filter(isDated)
  const used = await lastPromptOfSessions(db, known.map(sinceItBegan))
  return known.filter(({ id }) => {
    const prompt = used.get(id)
    return prompt?.name === asked.name && (asked.version === undefined || prompt.version === asked.version)
  })
}

/** Another program may have written anything as the time when it was created. */
export const isDated = ({ createdAt }: LiveSession) => !Number.isNaN(Date.parse(createdAt))

export const sinceItBegan = ({ id, tenant, createdAt }: LiveSession) => ({
  ...{ id, tenant },
  since: new Date(createdAt).toISOString(),
})
