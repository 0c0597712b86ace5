import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { dehydrate, type FetchQueryOptions, QueryClient, type QueryKey } from '@tanstack/react-query'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { createContext } from './context'
import { appRouter } from './router'

/** Who asks, once per request, however many components want to know. */
export const requestContext = cache(async () => createContext(await headers()))

const queryClient = cache(() => new QueryClient())
const underWay = cache((): Promise<void>[] => [])

/** What a page waits for its figures; those that take longer are asked for again by the browser, which shows so. */
const PATIENCE_MS = 300

/** Procedures as query options, for `prefetch(trpc.usage.totals.queryOptions(scope))` in a page. */
export const trpc = createTRPCOptionsProxy({ ctx: requestContext, router: appRouter, queryClient })

/** Starts a query for this page. What fails here is asked for again by the browser, which shows the error. */
export function prefetch<Data, Failure, Key extends QueryKey>(
  options: FetchQueryOptions<Data, Failure, Data, Key>,
): void {
  underWay().push(queryClient().prefetchQuery(options))
}

/**
 * What was prefetched, for `<HydrationBoundary state={await prefetched()}>`; leads who is not signed in to the door.
 * Answers still under way are left out: a page drawn before one and hydrated after it would not match.
 */
export async function prefetched() {
  await signedInOperator()
  await Promise.race([Promise.all(underWay()), sleep(PATIENCE_MS, undefined, { ref: false })])
  return dehydrate(queryClient())
}

/** Who is signed in; without a session the answer is the way to the sign-in page and back. */
export async function signedInOperator() {
  const { operator } = await requestContext()
  if (!operator) redirect(`/sign-in?next=${encodeURIComponent((await headers()).get('x-engram-path') ?? '/')}`)
  return operator
}
