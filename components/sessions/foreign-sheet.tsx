import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { PanelBody } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { Until } from '@/components/feedback/until'
import { bytesText } from '@/components/format/bytes'
import { textOf } from '@/components/redis-keys/key-words'
import { ValueView } from '@/components/redis-keys/value-view'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { Sheet, SheetClose, SheetContent } from '@/components/ui/sheet'
import type { ListedForeign } from '@/server/services/sessions/foreign/list-foreign'
import { useSessions } from './sessions-params'
import type { FamilyPlace } from './use-foreign-list'

type Props = {
  of: FamilyPlace
  /** Null where nothing may be changed. */
  logOut: ((key: string) => void) | null
}

/** What the session that the address names holds right now; looking at it does not keep it alive. */
export function ForeignSheet({ of, logOut }: Props) {
  const { params, setParams } = useSessions()
  const close = () => void setParams({ session: null })
  const key = params.session
  return (
    <Sheet open={key !== null} onOpenChange={(open) => !open && close()}>
      <SheetContent side="right" title="A session of other software">
        {key !== null && <Story of={of} sessionKey={key} logOut={logOut} onClose={close} />}
      </SheetContent>
    </Sheet>
  )
}

function Story({ of, sessionKey: key, logOut, onClose }: Props & { sessionKey: string; onClose: () => void }) {
  const query = useQuery(
    useTRPC().sessions.foreign.peek.queryOptions({ ...of, key }, { meta: { still: true }, staleTime: 0, retry: false }),
  )
  const session = query.data
  const state = panelState(query, 'this session', {
    empty: session === null && {
      title: 'There is no such session (any more).',
      hint: 'It ended, was logged out, or is none of this family.',
    },
  })
  return (
    <article className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <header className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 text-lg font-semibold wrap-anywhere">{session?.name ?? of.family}</h2>
        <SheetClose asChild>
          <Button variant="ghost" size="icon" aria-label="Close" className="-mt-1 -mr-1.5">
            <X aria-hidden />
          </Button>
        </SheetClose>
      </header>
      <PanelBody state={state} title="this session" minHeight={320}>
        {session && (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <div className="flex flex-wrap gap-2">
              <Button asChild>
                <Link href={`/cache/keys?connection=${of.connection}&key=${key}`}>Open the key</Link>
              </Button>
              <CopyButton text={textOf(key)} label="Copy the key" />
              {logOut && (
                <Button
                  variant="danger"
                  onClick={() => {
                    logOut(key)
                    onClose()
                  }}
                >
                  Log out
                </Button>
              )}
            </div>
            <Facts session={session} />
            <Card aria-label="Content" className="overflow-hidden">
              <CardHeader
                title="Content"
                memory="redis"
                note={session.readable ? undefined : 'This is not JSON: shown as it is.'}
              />
              <ValueView keyRef={{ connection: of.connection, key }} changes={null} />
            </Card>
          </div>
        )}
      </PanelBody>
    </article>
  )
}

function Facts({ session: { user, why, expiresAt, bytes, undoable } }: { session: ListedForeign }) {
  const facts = [
    [
      'User',
      user ?? (
        <span key="why" className="text-muted">
          not known: {why}
        </span>
      ),
    ],
    ['Ends', expiresAt === null ? 'never by itself' : <Until key="at" at={expiresAt} />],
    ['Size', bytes === null ? 'this Redis does not say' : `about ${bytesText(bytes)}`],
    ['Undo', undoable ? 'for 30 s after a log-out' : 'none: it is larger than 1 MB'],
  ] as const
  return (
    <Card aria-label="Facts">
      <dl className="text-sm">
        {facts.map(([name, fact]) => (
          <div
            key={name}
            className="grid grid-cols-[9rem_minmax(0,1fr)] gap-2 px-3.5 py-1.5 not-first:border-t not-first:border-line"
          >
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{fact}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
