import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { ListedConnection } from '@/server/services/redis-keys/connections'
import type { ListedFamily } from '@/server/services/sessions/foreign/list-foreign'
import { ForeignLogOutDialog } from './foreign-log-out-dialog'
import { ForeignPanel } from './foreign-panel'
import { ForeignSheet } from './foreign-sheet'
import { LogOutBars } from './log-out-bars'
import { useSessions } from './sessions-params'
import { type FamilyPlace, useForeignList } from './use-foreign-list'
import { useLogOut } from './use-log-out'

const PROGRESS_MS = 700

type Props = { of: FamilyPlace; declared: ListedFamily | undefined; redis: ListedConnection | undefined }

/** Sessions that other software keeps in some Redis: who they are of, and the way to log them out. */
export function ForeignSessions({ of, declared, redis }: Props) {
  const mayChange = useMayChange() && redis?.writable === true
  const { params } = useSessions()
  const list = useForeignList(of, params.user)
  const { logOutForeign } = useLogOut()
  /** Whose sessions somebody is asked about: a user's, or everybody's. */
  const [asked, setAsked] = useState<{ user: string | null } | null>(null)
  const logouts = useQuery(
    useTRPC().sessions.logOuts.queryOptions(undefined, {
      refetchInterval: ({ state }) => state.data?.some(({ finishedAt }) => !finishedAt) && PROGRESS_MS,
    }),
  )
  const logOut = (key: string) =>
    logOutForeign.mutate(
      { ...of, keys: [key], user: null, everything: false },
      { onError: ({ message }) => toast.failed(message) },
    )
  return (
    <>
      <LogOutBars logouts={logouts.data ?? []} mayChange={mayChange} />
      <ForeignPanel
        list={list}
        declared={declared}
        redis={redis}
        actions={mayChange ? { logOut, logOutUser: (user) => setAsked({ user }) } : null}
        onLogOutAll={() => setAsked({ user: params.user })}
      />
      {asked && (
        <ForeignLogOutDialog of={of} user={asked.user} redis={redis?.name ?? ''} onClose={() => setAsked(null)} />
      )}
      <ForeignSheet of={of} logOut={mayChange ? logOut : null} />
    </>
  )
}
