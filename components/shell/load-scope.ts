import 'server-only'
import { cookies } from 'next/headers'
import { isTimezone, type Range, type Scope } from '@/server/services/scope.schema'
import { loadScopeParams, scopeOf } from './search-params'

/** The browser's zone as its cookie tells it; UTC until it has told. */
export async function loadTimezone(): Promise<string> {
  const told = (await cookies()).get('tz')?.value
  const name = told ? decodeURIComponent(told) : 'UTC'
  return isTimezone(name) ? name : 'UTC'
}

/** What a page's address means, for prefetching on the server. */
export async function loadScope(
  searchParams: Promise<Record<string, string | string[] | undefined>>,
  fallback?: Range,
): Promise<Scope> {
  return scopeOf(await loadScopeParams(searchParams), await loadTimezone(), fallback)
}
