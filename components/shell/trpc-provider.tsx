'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { useState, type ReactNode } from 'react'
import type { AppRouter } from '@/server/console/router'
import { makeQueryClient } from './query-client'
import { TRPCProvider } from './trpc'

const url = '/api/trpc'
/** Longer addresses are split into several requests: some proxies refuse them. */
const MAX_URL_LENGTH = 2_000

export function ConsoleTrpcProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient)
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === 'subscription',
          true: httpSubscriptionLink({ url }),
          false: splitLink({
            condition: ({ context }) => context.byPost === true,
            true: httpLink({ url, methodOverride: 'POST' }),
            false: httpBatchLink({ url, maxURLLength: MAX_URL_LENGTH, maxItems: 20 }),
          }),
        }),
      ],
    }),
  )
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
