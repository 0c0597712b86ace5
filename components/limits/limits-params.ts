import { parseAsString, useQueryStates } from 'nuqs'
import { scopeOf, scopeParams } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'

/** The tenant and the stretch of time that are shown, and the limit that is open. */
export function useLimits() {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(
    { ...scopeParams, limit: parseAsString },
    { history: 'push', shallow: true },
  )
  return { scope: scopeOf(params, timezone), open: params.limit, setParams }
}
