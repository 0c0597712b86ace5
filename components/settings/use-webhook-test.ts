'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { durationText } from '@/components/format/duration'
import { useTRPC } from '@/components/shell/trpc'
import type { ListedWebhook } from '@/server/services/webhooks/list-webhooks'

/** Sends a test event and says how it went; `testing` is the id of the webhook that is being tried. */
export function useWebhookTest() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const mutation = useMutation(
    trpc.settings.webhooks.test.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.settings.webhooks.deliveries.queryFilter()),
    }),
  )
  const test = ({ id, name }: ListedWebhook) =>
    mutation.mutate(
      { id },
      {
        onSuccess: ({ ok, status, durationMs, error }) => {
          const took = `after ${durationText(durationMs)}`
          if (ok) toast.done(`${name} answered ${status}`, { detail: `${took}. The test event arrived.` })
          else toast.failed(`The test of ${name} failed`, { detail: `${error}, ${took}.` })
        },
        onError: (error) => toast.failed(`${name} could not be tested`, { detail: error.message }),
      },
    )
  return { test, testing: mutation.isPending ? mutation.variables.id : null }
}
