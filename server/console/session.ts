import { selectOperatorOfSession } from '@/db/postgres/queries/operators'
import type { Actor, Stores } from '@/server/services/context'
import { OperatorRole } from '@/server/services/operators/operators.schema'
import { authFor } from './auth'

export type Operator = Actor & { kind: 'operator'; email: string }

/** Longer than Postgres ever needs for one row by its key; then Redis' copy of the session is believed (R5). */
const PATIENCE_MS = 500

/**
 * Who makes this request; null when nobody is signed in. What Postgres says now decides, so that a changed role, a
 * disabled operator or an ended session takes effect at once, whatever copy Redis still holds.
 */
export async function operatorOf(stores: Stores, headers: Headers): Promise<Operator | null> {
  const found = await authFor(stores).api.getSession({ headers })
  if (!found) return null
  const { id, name, email, disabledAt } = found.user
  const copy = disabledAt ? null : { id, name, email, role: OperatorRole.parse(found.user.role) }
  const operator = await Promise.race([
    selectOperatorOfSession(stores.db, found.session.token).catch(() => copy),
    new Promise<typeof copy>((resolve) => setTimeout(resolve, PATIENCE_MS, copy).unref()),
  ])
  return operator && { kind: 'operator', ...operator }
}
