import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import type { DeleteKey, EditKey, ExpireKey, KeyRef } from '@/server/services/redis-keys/redis-keys.schema'

/** What changes one key; each looks at it again afterwards, and offers to take the change back. */
export function useKeyChanges(ref: KeyRef) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const lookAgain = () => {
    void queryClient.invalidateQueries(trpc.redisKeys.peek.queryFilter())
    void queryClient.invalidateQueries(trpc.redisKeys.page.pathFilter())
  }
  const onError = ({ message }: { message: string }) => toast.failed(message)
  const edit = useMutation(trpc.redisKeys.edit.mutationOptions({ onSettled: lookAgain }))
  const expire = useMutation(trpc.redisKeys.expire.mutationOptions({ onSettled: lookAgain }))
  const remove = useMutation(trpc.redisKeys.delete.mutationOptions({ onSettled: lookAgain }))
  const restore = useMutation(
    trpc.redisKeys.restore.mutationOptions({
      onSettled: lookAgain,
      onError,
      onSuccess: () => toast.done('The key is back', { detail: 'With its value and the time that was left.' }),
    }),
  )
  const tellOf = (input: Edit) => {
    const { said, edit: back } = oppositeOf(input)
    toast.done(said, { action: { label: 'Undo', run: () => edit.mutate({ ...ref, ...back }, undone) } })
  }
  const undone = { onError, onSuccess: () => toast.done('Taken back') }

  return {
    edit: {
      ...edit,
      /** Without a dialog that would say what went wrong. */
      tell: (input: Edit) => edit.mutate({ ...ref, ...input }, { onError, onSuccess: () => tellOf(input) }),
      run: (input: Edit, done: () => void) =>
        edit.mutate(
          { ...ref, ...input },
          {
            onSuccess: () => {
              tellOf(input)
              done()
            },
          },
        ),
    },
    expire: {
      ...expire,
      run: (input: Omit<ExpireKey, keyof KeyRef>, done: () => void) =>
        expire.mutate(
          { ...ref, ...input },
          {
            onSuccess: () => {
              const run = () => expire.mutate({ ...ref, before: input.after, after: input.before }, undone)
              toast.done(input.after === null ? 'The key stays' : 'The key expires', { action: { label: 'Undo', run } })
              done()
            },
          },
        ),
    },
    remove: {
      ...remove,
      run: (input: Omit<DeleteKey, keyof KeyRef>, done: () => void) =>
        remove.mutate(
          { ...ref, ...input },
          {
            onSuccess: ({ trash, expiresAt }) => {
              const run = () => trash && restore.mutate({ ...ref, trash, expiresAt })
              toast.done('The key is deleted', trash ? { action: { label: 'Undo', run: () => void run() } } : {})
              done()
            },
          },
        ),
    },
  }
}
export type KeyChanges = ReturnType<typeof useKeyChanges>

type Edit = Omit<EditKey, keyof KeyRef>

/** The edit that takes another one back; of a set the member itself is what was changed. */
function oppositeOf({ type, at, before, after }: Edit): { said: string; edit: Edit } {
  const said = before === null ? 'Added' : after === null ? 'Removed' : 'Changed'
  return { said, edit: { type, at: type === 'set' ? (after ?? at) : at, before: after, after: before } }
}
