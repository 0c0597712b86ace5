import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'

/** Deletes at once, with a way back instead of a question. */
export function useDeleteBudget() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const again = () => void queryClient.invalidateQueries(trpc.budgets.pathFilter())
  const onError = ({ message }: { message: string }) => toast.failed(message)
  const restore = useMutation(trpc.budgets.restore.mutationOptions({ onSuccess: again, onError }))
  const remove = useMutation(trpc.budgets.delete.mutationOptions({ onError }))
  return ({ id, name }: ListedBudget) =>
    remove.mutate(
      { id },
      {
        onSuccess: () => {
          again()
          toast.done(`${name} is deleted`, { action: { label: 'Undo', run: () => restore.mutate({ id }) } })
        },
      },
    )
}
