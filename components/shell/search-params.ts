import { useQueryStates } from 'nuqs'
import { createLoader, createParser, createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { defaultRange, isTimezone, type Range, ranges, type Scope } from '@/server/services/scope.schema'
import { useTimezone } from './timezone'

export const parseAsInstant = createParser({
  parse: (text) => (Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString()),
  serialize: (text: string) => text,
})
const parseAsTimezone = createParser({
  parse: (text) => (isTimezone(text) ? text : null),
  serialize: (text: string) => text,
})

/** What every page keeps in its address, so that any view can be sent to a colleague. */
export const scopeParams = {
  tenant: parseAsString,
  range: parseAsStringLiteral(ranges),
  from: parseAsInstant,
  to: parseAsInstant,
  tz: parseAsTimezone,
}

export const loadScopeParams = createLoader(scopeParams)
/** `withScope('/usage', params)`: another page on the same tenant and stretch of time. */
export const withScope = createSerializer(scopeParams)

type Params = Awaited<ReturnType<typeof loadScopeParams>>

/**
 * What an address means, as procedures take it; a fixed stretch counts only when both its ends make sense. `fallback` is
 * the range of an address that names none.
 */
export function scopeOf({ tenant, range, from, to, tz }: Params, timezone: string, fallback = defaultRange): Scope {
  const fixed = from !== null && to !== null && from < to
  return {
    tenant: tenant || null,
    range: fixed ? null : (range ?? fallback),
    from: fixed ? from : null,
    to: fixed ? to : null,
    timezone: tz ?? timezone,
  }
}

/** The scope that the address names, the raw parameters, and what changes them. */
export function useScope(fallback?: Range) {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(scopeParams, { history: 'push', shallow: true })
  return { scope: scopeOf(params, timezone, fallback), params, setParams }
}
