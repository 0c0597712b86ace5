import { type Scope, windowOf } from '@/server/services/scope.schema'

/** The range on screen as two instants, for a re-pricing. */
export function repriceRange(scope: Scope) {
  const { from, to } = windowOf(scope)
  return { from: from.toISOString(), to: to.toISOString() }
}
