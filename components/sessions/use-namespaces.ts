import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'

/** What changes namespaces of sessions; each asks the page's figures again. */
export function useNamespaces() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSettled = () => void queryClient.invalidateQueries(trpc.sessions.pathFilter())
  const onError = ({ message }: { message: string }) => toast.failed(message)
  return {
    create: useMutation(
      trpc.sessions.createNamespace.mutationOptions({
        onSettled,
        onSuccess: ({ name }) => toast.done(`${name} is a namespace`),
      }),
    ),
    move: useMutation(
      trpc.sessions.move.mutationOptions({
        onSettled,
        onSuccess: ({ name }) => toast.done(`${name} begins to move`),
      }),
    ),
    cancel: useMutation(
      trpc.sessions.cancelMove.mutationOptions({
        onSettled,
        onError,
        onSuccess: ({ name }) => toast.done(`${name} stays where it was`),
      }),
    ),
    remove: useMutation(
      trpc.sessions.removeNamespace.mutationOptions({
        onSettled,
        onError,
        onSuccess: ({ name }) =>
          toast.done(`${name} is no namespace any more`, { detail: 'Its sessions stay in Redis.' }),
      }),
    ),
  }
}
