import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'

/** What can be done with a tenant's embedding model; each says what became of it, and the page looks again. */
export function useReEmbedding(tenant: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSettled = () => {
    void queryClient.invalidateQueries(trpc.embedding.pathFilter())
    void queryClient.invalidateQueries(trpc.vectors.pathFilter())
  }
  const onError = ({ message }: { message: string }) => void toast.failed(message)
  const said = (text: string) => ({ onError, onSettled, onSuccess: () => void toast.done(text) })
  return {
    start: useMutation(trpc.embedding.start.mutationOptions({ onSettled })),
    pause: useMutation(trpc.embedding.pause.mutationOptions(said(`${tenant} pauses after the batch under way`))),
    resume: useMutation(trpc.embedding.resume.mutationOptions(said('The worker goes on within a second'))),
    drop: useMutation(trpc.embedding.drop.mutationOptions({ onSettled })),
    switchTo: useMutation(
      trpc.embedding.switch.mutationOptions({
        onSettled,
        onError,
        onSuccess: ({ model, catchingUp }) =>
          catchingUp > 0
            ? toast.done(`Items were written meanwhile: ${catchingUp}`, {
                detail: `The worker embeds them and switches to ${model} then.`,
              })
            : toast.done(`${tenant} is searched by ${model} now`),
      }),
    ),
  }
}
