import 'server-only'
import {
  defaultShouldDehydrateQuery,
  dehydrate,
  type FetchQueryOptions,
  QueryClient,
  type QueryKey,
} from '@tanstack/react-query'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { createContext } from './context'
import { appRouter } from './router'

/** Who asks, once per request, however many components want to know. */
export const requestContext = cache(async () => createContext(await headers()))

const queryClient = cache(
  () =>
    new QueryClient({
      defaultOptions: {
        // Answers still under way are streamed to the page after it.
        dehydrate: {
          shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === 'pending',
        },
      },
    }),
)

/** Procedures as query options, for `prefetch(trpc.usage.totals.queryOptions(scope))` in a page. */
export const trpc = createTRPCOptionsProxy({ ctx: requestContext, router: appRouter, queryClient })

/** Starts a query without waiting for it. What fails here is asked again by the browser, which shows the error. */
export function prefetch<Data, Failure, Key extends QueryKey>(
  options: FetchQueryOptions<Data, Failure, Data, Key>,
): void {
  void queryClient().prefetchQuery(options)
}

/** What was prefetched, for `<HydrationBoundary state={await prefetched()}>`; leads who is not signed in to the door. */
export async function prefetched() {
  await signedInOperator()
  return dehydrate(queryClient())
}

/** Who is signed in; without a session the answer is the way to the sign-in page and back. */
export async function signedInOperator() {
  const { operator } = await requestContext()
  if (!operator) redirect(`/sign-in?next=${encodeURIComponent((await headers()).get('x-engram-path') ?? '/')}`)
  return operator
}
