'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import { isServed, refreshPace } from './prepare-delivery'

type OnChannel = { name: string; channel: string }

/** How far an activation has come; it asks again by itself until it has come everywhere. */
export function useDelivery(moved: OnChannel & { revision: number }) {
  const trpc = useTRPC()
  return useQuery(
    trpc.prompts.delivery.queryOptions(moved, { refetchInterval: ({ state }) => refreshPace(state.data) }),
  )
}

const UNSETTLED_MS = 2_000

/** How long the newest activations of a channel took to be served everywhere. */
export function useDeliveryTimes({ name, channel }: OnChannel) {
  const trpc = useTRPC()
  return useQuery(
    trpc.prompts.deliveryTimes.queryOptions(
      { name, channel },
      {
        placeholderData: keepPreviousData,
        refetchInterval: ({ state }) => {
          const newest = state.data?.times.at(-1)
          return newest && newest.waiting > 0 && !isServed(newest) ? UNSETTLED_MS : false
        },
      },
    ),
  )
}
