import { useQueryStates } from 'nuqs'
import { createLoader, createSerializer, parseAsBoolean, parseAsInteger, parseAsString } from 'nuqs/server'
import { scopeOf, scopeParams } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'
import type { SessionFilter } from '@/server/services/sessions/session-lists.schema'

/** What the Sessions page keeps in its address beside the scope: `age` and `idle` in seconds, `size` in bytes, at least. */
export const sessionParams = {
  ...scopeParams,
  /** The namespace, `within` in the address because that of answers has the other name. */
  within: parseAsString,
  user: parseAsString,
  prompt: parseAsString,
  age: parseAsInteger,
  idle: parseAsInteger,
  size: parseAsInteger,
  soonest: parseAsBoolean.withDefault(false),
  /** A declared family of other software's sessions, and in which Redis; without it those of Engram. */
  family: parseAsString,
  connection: parseAsString.withDefault('own'),
  /** The session that is open: its id, or of other software its key, base64url. */
  session: parseAsString,
}
export const loadSessionParams = createLoader(sessionParams)
export const sessionsHref = createSerializer(sessionParams)
export type SessionParams = Awaited<ReturnType<typeof loadSessionParams>>

export const filterOf = ({ within, tenant, user, prompt, age, idle, size }: SessionParams): SessionFilter => ({
  namespace: within || null,
  tenant: tenant || null,
  user: user || null,
  prompt: prompt || null,
  olderThanSeconds: age,
  idleSeconds: idle,
  minBytes: size,
})

/** As procedures take it: also for the page, which asks before the browser does. */
export const listInputOf = (params: SessionParams) => ({ ...filterOf(params), soonest: params.soonest })

export function useSessions() {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(sessionParams, { history: 'push', shallow: true })
  const filter = filterOf(params)
  const filtered = Object.values(filter).some((value) => value !== null)
  return { params, setParams, scope: scopeOf(params, timezone), filter, filtered }
}
