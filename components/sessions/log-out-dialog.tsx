import { useQuery } from '@tanstack/react-query'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { CountedSessions } from '@/server/services/sessions/count-sessions'
import type { SessionFilter } from '@/server/services/sessions/session-lists.schema'
import { filterText, sessionsText } from './session-words'
import { useLogOut } from './use-log-out'

/** So many at once are confirmed by typing their number. */
const MANY = 20

/** Says first how many sessions would go, whose they are and which, then logs them out. */
export function LogOutDialog({ filter, onClose }: { filter: SessionFilter; onClose: () => void }) {
  const { logOut } = useLogOut()
  const counted = useQuery(
    useTRPC().sessions.count.queryOptions(filter, { meta: { still: true }, staleTime: 0, gcTime: 0 }),
  )
  const { data } = counted
  const what = filterText(filter)
  const many = data && (!data.complete || data.matched > MANY)
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={what ? 'Log out all that match' : 'Log out everyone'}
      description={`${what ? `Sessions of ${what}` : 'Every live session of every tenant'} stop being readable at once, in every process. Undo is offered for 30 s.`}
      confirmLabel={
        data ? `Log out ${data.complete ? count(data.matched) : `at least ${count(data.matched)}`}` : 'Log out'
      }
      typed={many ? (what ? String(data.matched) : 'everyone') : undefined}
      danger
      ready={data !== undefined && (data.matched > 0 || !data.complete)}
      pending={logOut.isPending}
      error={logOut.error?.message ?? counted.error?.message}
      onConfirm={() => logOut.mutate({ ...filter, everything: what === '' }, { onSuccess: onClose })}
    >
      <div aria-live="polite" className="min-w-0 rounded-md bg-sunken px-2.5 py-1.5 text-sm">
        {data ? <Preview counted={data} /> : counted.isError ? 'Nothing was changed.' : 'Counting…'}
      </div>
    </ConfirmDialog>
  )
}

function Preview({ counted: { matched, users, sample, examined, live, complete } }: { counted: CountedSessions }) {
  if (matched === 0 && complete) return `No live session matches; all ${count(live)} were looked at.`
  return (
    <>
      <p>
        <b className="font-medium">
          {complete ? '' : 'At least '}
          {sessionsText(matched)}
        </b>{' '}
        of {count(users)} {users === 1 ? 'user' : 'users'};{' '}
        {complete ? `all ${count(live)} were looked at` : `${count(examined)} of ${count(live)} were looked at so far`}.
      </p>
      <ul className="mt-1 text-muted">
        {sample.map(({ id, tenant, user }) => (
          <li key={id} className="wrap-anywhere">
            <code>{id}</code> · {tenant} · {user}
          </li>
        ))}
        {matched > sample.length && <li>and {count(matched - sample.length)} more</li>}
      </ul>
    </>
  )
}
