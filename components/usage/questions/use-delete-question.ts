import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import type { SavedQuestion } from '@/server/services/usage/questions/list-questions'
import { SaveQuestion } from '@/server/services/usage/questions/questions.schema'

/** Deletes at once, with a way back instead of a question. */
export function useDeleteQuestion() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const again = () => void queryClient.invalidateQueries(trpc.usage.questions.queryFilter())
  const onError = ({ message }: { message: string }) => toast.failed(message)
  const save = useMutation(trpc.usage.saveQuestion.mutationOptions({ onSuccess: again, onError }))
  const remove = useMutation(trpc.usage.deleteQuestion.mutationOptions({ onError }))
  return ({ id, name, path, search }: SavedQuestion) =>
    remove.mutate(
      { id },
      {
        onSuccess: () => {
          again()
          const restore = () => save.mutate(SaveQuestion.parse({ name, path, search }))
          toast.done(`${name} is deleted`, { action: { label: 'Undo', run: restore } })
        },
      },
    )
}
