import { useNow } from '@/components/feedback/ticker'
import { count } from '@/components/format/count'
import { Bar } from '@/components/ui/bar'
import { Button } from '@/components/ui/button'
import type { ShownLogOut } from '@/server/services/sessions/list-log-outs'
import { logOutText, sessionsText } from './session-words'
import { useLogOut } from './use-log-out'

/** Log-outs that go on, and those that can still be undone. */
export function LogOutBars({ logouts, mayChange }: { logouts: ShownLogOut[]; mayChange: boolean }) {
  const now = useNow()
  const shown = logouts.filter(
    ({ finishedAt, undoUntil }) => finishedAt === null || (undoUntil && now !== null && Date.parse(undoUntil) > now),
  )
  return shown.map((logout) =>
    logout.finishedAt === null ? (
      <Running key={logout.id} logout={logout} mayChange={mayChange} />
    ) : (
      <Undoable key={logout.id} logout={logout} mayChange={mayChange} now={now ?? 0} />
    ),
  )
}

const look = 'flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-lg border border-line bg-warn-soft px-3.5 py-2'

function Running({ logout, mayChange }: { logout: ShownLogOut; mayChange: boolean }) {
  const { cancel } = useLogOut()
  const { examined, ofSessions, loggedOut, state, problem, ofOthers } = logout
  return (
    <div role="status" className={look}>
      <p className="min-w-48 flex-1">
        Logging out <b className="font-medium">{logOutText(logout)}</b>: {sessionsText(loggedOut)} out,{' '}
        {ofOthers ? 'about ' : ''}
        {count(Math.min(examined, ofSessions))} of {count(ofSessions)} {ofOthers ? 'keys ' : ''}looked at
        {problem && <span className="text-bad"> · {problem} It is tried again.</span>}
      </p>
      <div className="w-32">
        <Bar share={ofSessions === 0 ? 1 : examined / ofSessions} memory="redis" label="Progress" />
      </div>
      {mayChange && (
        <Button pending={cancel.isPending || state === 'cancelled'} onClick={() => cancel.mutate({ id: logout.id })}>
          Cancel
        </Button>
      )}
    </div>
  )
}

function Undoable({ logout, mayChange, now }: { logout: ShownLogOut; mayChange: boolean; now: number }) {
  const { undo } = useLogOut()
  const left = Math.max(0, Math.ceil((Date.parse(logout.undoUntil ?? '') - now) / 1000))
  return (
    <div className={look}>
      <p className="min-w-48 flex-1">
        {sessionsText(logout.loggedOut)} logged out by {logout.by}: <b className="font-medium">{logOutText(logout)}</b>
        {logout.state === 'cancelled' && ', then cancelled'}
        {logout.state === 'failed' && `, then it failed: ${logout.problem ?? ''}`}
      </p>
      {mayChange && (
        <Button variant="primary" pending={undo.isPending} onClick={() => undo.mutate({ id: logout.id })}>
          Undo
          <span aria-hidden>({left} s)</span>
        </Button>
      )}
    </div>
  )
}
