import { parseAsString, useQueryStates } from 'nuqs'
import { scopeOf, scopeParams } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'

/** The tenant whose budgets are shown, and the one whose course is open. */
export function useBudgets() {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(
    { ...scopeParams, budget: parseAsString },
    { history: 'push', shallow: true },
  )
  return { scope: scopeOf(params, timezone), open: params.budget, setParams }
}
