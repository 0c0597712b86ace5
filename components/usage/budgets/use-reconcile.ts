import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'
import { foundText } from './counter-words'

/** Sets the counter that decides to the ledger at once, and says what it met. Nothing is lost by it: no question before. */
export function useReconcile() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { mutate, isPending } = useMutation(
    trpc.budgets.reconcile.mutationOptions({
      onError: ({ message }) => toast.failed(message),
      onSettled: () => void queryClient.invalidateQueries(trpc.budgets.pathFilter()),
    }),
  )
  return {
    isReconciling: isPending,
    reconcile: ({ id, name }: ListedBudget) =>
      mutate(
        { id },
        {
          onSuccess: ({ counter: found, driftUsd }) =>
            toast.done(`${name} is reconciled: ${foundText({ found, driftUsd })}`),
        },
      ),
  }
}
