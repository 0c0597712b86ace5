import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { TRPCClientError } from '@trpc/client'
import type { AppRouter } from '@/server/console/router'

const STALE_MS = 30_000
const MAX_RETRIES = 1

const codeOf = (error: unknown) =>
  error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data?.code : undefined

/** The input that the server minded, for the form that sent it (R13). */
export const fieldOf = (error: unknown) =>
  error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data?.field : undefined

/** Whoever is no longer signed in comes back to this very page after signing in. */
function onError(error: unknown) {
  if (codeOf(error) !== 'UNAUTHORIZED' || typeof window === 'undefined') return
  const here = window.location.pathname + window.location.search
  window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`)
}

/** Only what may pass by itself is tried again: no answer at all, or a store that is down. */
const mayPass = (error: unknown) => [undefined, 'SERVICE_UNAVAILABLE'].includes(codeOf(error))

export function makeQueryClient() {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < MAX_RETRIES && mayPass(error),
      },
    },
  })
}
