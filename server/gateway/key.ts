import type { Key } from '@/db/postgres/queries/keys'
import { AppError } from '@/server/errors'
import type { Caller, Stores } from '@/server/services/context'
import { actorOfKey } from '@/server/services/keys/authenticate-key'

export type Authenticate = (token: string) => Promise<Key | null>

const BEARER = /^Bearer +(\S+)$/i

/** The key of a request, or the error that its caller shall see. */
export async function requireKey(authorization: string | undefined, scope: Key['scope'], authenticate: Authenticate) {
  const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
  if (token === undefined) throw new AppError('unauthorized', 'Send your key as "Authorization: Bearer <key>".')
  const key = await authenticate(token)
  if (key === null) throw new AppError('unauthorized', 'This key is unknown or was revoked.')
  if (scope === 'operator' && key.scope !== 'operator')
    throw new AppError('forbidden', 'This call needs a key with the scope operator.')
  return key
}

export function mayActFor(key: Key, tenant: string): boolean {
  return key.tenants === null || key.tenants.includes(tenant)
}

export function requireTenant(key: Key, tenant: string): void {
  if (!mayActFor(key, tenant))
    throw new AppError('forbidden', `This key may not act for the tenant ${tenant}.`, { field: 'tenant' })
}

/**
 * The tenant that a call is for where it need not name one: a bound key's only one, or none (empty) of a key for all.
 * @throws AppError `forbidden` for another's tenant, `bad_request` where a key of several tenants names none.
 */
export function tenantFor(key: Key, named: string | undefined): string {
  if (named !== undefined) requireTenant(key, named)
  if (named !== undefined || key.tenants === null) return named ?? ''
  const [only, ...others] = key.tenants
  if (only === undefined || others.length > 0)
    throw new AppError('bad_request', 'tenant: must be given with a key of several tenants', { field: 'tenant' })
  return only
}

/** The key as what a changing verb takes first. An app key changes nothing that operators own. */
export function callerOf({ db, redis }: Stores, key: Key): Caller {
  return { db, redis, actor: actorOfKey(key) }
}
