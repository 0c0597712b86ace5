import { useQueryStates } from 'nuqs'
import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { scopeOf } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'
import { usageParams } from '@/components/usage/search-params'
import { type SavingsInput, savingsGroups } from '@/server/services/usage/savings/savings.schema'

/** The filters of Usage, kept for the other views, and what only look-ups know. */
export const savingsParams = {
  ...usageParams,
  namespace: parseAsString,
  part: parseAsStringLiteral(savingsGroups),
}
export const loadSavingsParams = createLoader(savingsParams)
export const savingsHref = createSerializer(savingsParams)
/** A file of what is on screen: the two instants that it was asked for stand for a range that moves on. */
export const savingsExportHref = (params: Partial<SavingsParams>, { from, to }: { from: string; to: string }) =>
  savingsHref('/usage/export/savings', { ...params, range: null, from, to, call: null })

export type SavingsParams = Awaited<ReturnType<typeof loadSavingsParams>>

/** By what the whole is broken down: the first thing that is not chosen yet, unless the address says otherwise. */
export function savingsInputOf(params: SavingsParams, timezone: string): SavingsInput {
  const { namespace, prompt, part } = params
  const by = part ?? savingsGroups.find((group) => params[group] === null) ?? 'prompt'
  return { ...scopeOf(params, timezone), namespace: namespace || null, prompt, by }
}

export function useSavings() {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(savingsParams, { history: 'push', shallow: true })
  return { input: savingsInputOf(params, timezone), params, setParams }
}
