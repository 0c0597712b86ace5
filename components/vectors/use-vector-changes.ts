import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'

/** What can be done with a tenant's memory; each says what became of it, and the page looks again. */
export function useVectorChanges(tenant: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSettled = () => queryClient.invalidateQueries(trpc.vectors.pathFilter())
  const onError = ({ message }: { message: string }) => void toast.failed(message)
  const said = (text: string) => ({ onError, onSettled, onSuccess: () => void toast.done(text) })
  return {
    measure: useMutation(trpc.vectors.measureRecall.mutationOptions(said(`Recall of ${tenant} is measured`))),
    setSearch: useMutation(trpc.vectors.setSearch.mutationOptions(said(`Searches of ${tenant} are set`))),
    ask: useMutation(trpc.vectors.askForJob.mutationOptions(said('The worker begins within a second'))),
    sleep: useMutation(
      trpc.vectors.askForJob.mutationOptions(
        said(`The index of ${tenant} is given up; the next search or write brings it back`),
      ),
    ),
    cancel: useMutation(trpc.vectors.cancelJob.mutationOptions(said('It is being ended'))),
  }
}
