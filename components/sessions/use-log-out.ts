import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import type { LogOutState } from '@/server/services/sessions/session-lists.schema'
import { sessionsText } from './session-words'

/** What changes sessions; each asks the page's figures again, whatever came of it. */
export function useLogOut() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSettled = () => void queryClient.invalidateQueries(trpc.sessions.pathFilter())
  const onError = ({ message }: { message: string }) => toast.failed(message)
  const told = {
    onSettled,
    onSuccess: ({ state, loggedOut }: LogOutState) =>
      state === 'running'
        ? toast.note('Logging out goes on', { detail: 'How far it is stands above the list.' })
        : toast.done(`${sessionsText(loggedOut)} logged out`, { detail: 'Undo stands above the list for 30 s.' }),
  }
  const logOut = useMutation(trpc.sessions.logOut.mutationOptions(told))
  const logOutForeign = useMutation(trpc.sessions.foreign.logOut.mutationOptions(told))
  const undo = useMutation(
    trpc.sessions.undoLogOut.mutationOptions({
      onSettled,
      onError,
      onSuccess: ({ restored, taken, expired }) =>
        toast.done(`${sessionsText(restored)} restored`, {
          detail:
            [
              taken > 0 && `${sessionsText(taken)} begun anew meanwhile: those stay`,
              expired > 0 && `${sessionsText(expired)} ended meanwhile`,
            ]
              .filter(Boolean)
              .join('; ') || undefined,
        }),
    }),
  )
  const cancel = useMutation(trpc.sessions.cancelLogOut.mutationOptions({ onSettled, onError }))
  return { logOut, logOutForeign, undo, cancel }
}
