'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { appliedText } from './use-prompt-changes'

/** What can become of a change that waits; after each, everything that shows prompts is asked again. */
export function useApprovals() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refresh = () =>
    Promise.all(
      [trpc.prompts.pathKey(), trpc.overview.pathKey()].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    )
  // Decided by somebody else, or overtaken: what is shown is old.
  const onError = () => void refresh()
  return {
    approve: useMutation(
      trpc.prompts.approve.mutationOptions({
        onSuccess: (moved) => {
          toast.done('Approved', { detail: appliedText(moved) })
          return refresh()
        },
        onError,
      }),
    ),
    reject: useMutation(
      trpc.prompts.reject.mutationOptions({
        onSuccess: () => {
          toast.done('Rejected', { detail: 'Whoever asked finds your note on this page.' })
          return refresh()
        },
        onError,
      }),
    ),
    withdraw: useMutation(
      trpc.prompts.withdraw.mutationOptions({
        onSuccess: () => {
          toast.done('Withdrawn')
          return refresh()
        },
        onError,
      }),
    ),
  }
}
