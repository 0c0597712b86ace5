import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Link } from '@/components/ui/link'
import type { ReactNode } from 'react'
import { PanelBody } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { Until } from '@/components/feedback/until'
import { count } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { clockSeconds, fullStamp } from '@/components/format/instant'
import { useTRPC } from '@/components/shell/trpc'
import { MemoryBadge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { Sheet, SheetClose, SheetContent } from '@/components/ui/sheet'
import { conversationHref } from '@/components/usage/conversations/conversation-params'
import type { PeekedSession } from '@/server/services/sessions/peek-session'
import { sessionsHref, useSessions } from './sessions-params'
import { lostWith, memoryOf, storeNames } from './store-words'
import { useLogOut } from './use-log-out'

/** What the session that the address names holds right now; looking at it does not keep it alive. */
export function SessionSheet({ mayChange }: { mayChange: boolean }) {
  const { params, setParams } = useSessions()
  const close = () => void setParams({ session: null })
  return (
    <Sheet open={params.session !== null} onOpenChange={(open) => !open && close()}>
      <SheetContent side="right" title={`The session ${params.session}`}>
        {params.session !== null && <Story id={params.session} mayChange={mayChange} onClose={close} />}
      </SheetContent>
    </Sheet>
  )
}

function Story({ id, mayChange, onClose }: { id: string; mayChange: boolean; onClose: () => void }) {
  const { scope, params } = useSessions()
  const { logOut } = useLogOut()
  const query = useQuery(useTRPC().sessions.peek.queryOptions({ id }, { meta: { still: true } }))
  const session = query.data
  return (
    <article className="grid gap-4 p-4">
      <header className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="text-lg font-semibold wrap-anywhere">{id}</h2>
          {session && (
            <p className="text-sm text-muted">
              {session.tenant} · {session.user}
            </p>
          )}
        </div>
        <SheetClose asChild>
          <Button variant="ghost" size="icon" aria-label="Close" className="-mt-1 -mr-1.5">
            <X aria-hidden />
          </Button>
        </SheetClose>
      </header>
      <PanelBody state={panelState(query, 'this session')} title="this session" minHeight={320}>
        {session && (
          <div className="grid gap-4">
            <div className="flex flex-wrap gap-2">
              <Button asChild>
                <Link href={conversationHref({ tenant: session.tenant, id })}>Open the conversation</Link>
              </Button>
              <Button asChild>
                <Link
                  href={sessionsHref('/sessions', {
                    ...params,
                    session: null,
                    tenant: session.tenant,
                    user: session.user,
                  })}
                >
                  All of this user
                </Link>
              </Button>
              <CopyButton text={id} label="Copy the id" />
              {mayChange && (
                <Button
                  variant="danger"
                  pending={logOut.isPending}
                  onClick={() => logOut.mutate({ ids: [id] }, { onSuccess: onClose })}
                >
                  Log out
                </Button>
              )}
            </div>
            <p role="alert" className="text-bad empty:hidden">
              {logOut.error?.message}
            </p>
            <Facts session={session} timezone={scope.timezone} />
          </div>
        )}
      </PanelBody>
    </article>
  )
}

function Facts({ session, timezone }: { session: PeekedSession; timezone: string }) {
  const { createdAt, expiresAt, ttlSeconds, data, dataIsJson, turns, turnsInAll, store } = session
  const memory = memoryOf(store)
  return (
    <>
      <Card aria-label="Facts">
        <dl className="text-sm">
          <Fact name="Lives in">
            <MemoryBadge memory={memory}>{storeNames[store]}</MemoryBadge>
            <p className="text-muted">{lostWith[store]}</p>
          </Fact>
          <Fact name="Begun">{createdAt ? fullStamp(createdAt, timezone) : 'not known: what is kept is no time'}</Fact>
          <Fact name="Ends">{expiresAt ? <Until at={expiresAt} /> : 'never: somebody took its time to live away'}</Fact>
          <Fact name="Time to live">{durationLong(ttlSeconds * 1000)} from the last touch</Fact>
        </dl>
      </Card>
      <Card aria-label="Data" className="overflow-hidden">
        <CardHeader
          title="Data"
          memory={memory}
          note={dataIsJson ? undefined : 'This is not JSON: shown as it is.'}
          actions={<CopyButton text={data} />}
        />
        <pre
          tabIndex={0}
          className="max-h-72 overflow-auto px-3.5 pb-3 font-mono text-sm whitespace-pre-wrap wrap-anywhere"
        >
          {data || 'nothing'}
        </pre>
      </Card>
      <Card aria-label="Turns">
        <CardHeader title="Last turns" memory={memory} note={`${count(turns.length)} kept of ${count(turnsInAll)}`} />
        {turns.length === 0 && <p className="px-3.5 pb-3 text-muted">Nothing was said yet.</p>}
        <ol>
          {turns.map((turn, at) => (
            <li key={at} className="border-t border-line px-3.5 py-1.5">
              <p className="text-sm text-muted">
                {turn.foreign ? 'not a turn of Engram' : `${turn.role} · ${clockSeconds(turn.at, timezone)}`}
              </p>
              <p className="whitespace-pre-wrap wrap-anywhere">{turn.content}</p>
            </li>
          ))}
        </ol>
      </Card>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-2 px-3.5 py-1.5 not-first:border-t not-first:border-line">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
