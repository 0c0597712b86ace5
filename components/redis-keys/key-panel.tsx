import { useQuery } from '@tanstack/react-query'
import { Link } from '@/components/ui/link'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { Until } from '@/components/feedback/until'
import { bytesText } from '@/components/format/bytes'
import { useTRPC } from '@/components/shell/trpc'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { fromBase64Url, keyText, utf8OrNull } from '@/server/services/redis-keys/key-text.schema'
import type { PeekedKey } from '@/server/services/redis-keys/peek-key'
import type { KeyRef } from '@/server/services/redis-keys/redis-keys.schema'
import { askedBy } from './asked-by'
import { DeleteDialog } from './delete-dialog'
import { ExpireDialog } from './expire-dialog'
import { lengthText, typeName } from './key-words'
import { useKeyChanges } from './use-key-changes'
import { ValueView } from './value-view'

const EVERY_MS = 5_000
const NAME_CHARACTERS = 2_000

/** Everything about one key: what it is, how long it lives, what is in it, and what may be done with it. */
export function KeyPanel({ keyRef }: { keyRef: KeyRef }) {
  const mayChange = useMayChange()
  const changes = useKeyChanges(keyRef)
  const [dialog, setDialog] = useState<'expire' | 'delete' | null>(null)
  const query = useQuery(
    useTRPC().redisKeys.peek.queryOptions(keyRef, {
      ...askedBy(keyRef),
      refetchInterval: EVERY_MS,
      staleTime: 0,
      retry: false,
    }),
  )
  const bytes = fromBase64Url(keyRef.key)
  const name = keyText(bytes, NAME_CHARACTERS)
  const facts = query.data
  const open = mayChange && facts?.fixed === null
  const close = () => setDialog(null)
  return (
    <Panel
      title="Key"
      memory="redis"
      edge
      source={
        facts
          ? {
              stores: ['redis'],
              from: 'TYPE, MEMORY USAGE SAMPLES 5, OBJECT ENCODING, PEXPIRETIME',
              asOf: facts.asOf,
              precision: 'sampled',
              detail: 'Length and time to live are exact; memory is estimated from five of its parts.',
            }
          : undefined
      }
      state={panelState(query, 'this key', {
        empty: facts === null && {
          title: 'There is no such key.',
          hint: 'It expired, was deleted, or never was. It appears here when it is made.',
        },
      })}
      minHeight={320}
    >
      <div className="flex items-center gap-2 px-3.5 pb-1.5">
        <h3 className="max-h-28 min-w-0 flex-1 overflow-y-auto font-mono wrap-anywhere">{name || '(an empty name)'}</h3>
        <CopyButton text={utf8OrNull(bytes) ?? keyText(bytes)} label="Copy the name" iconOnly />
      </div>
      {facts && (
        <>
          <Facts facts={facts} />
          <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 pt-1 pb-2.5">
            {open && <Button onClick={() => setDialog('expire')}>Time to live…</Button>}
            {open && (
              <Button variant="danger" onClick={() => setDialog('delete')}>
                Delete…
              </Button>
            )}
            {facts.family && (
              <Button asChild>
                <Link href={facts.family.screen}>Open its screen</Link>
              </Button>
            )}
            {facts.fixed && <p className="text-sm text-muted">{facts.fixed}</p>}
          </div>
          <h4 className="px-3.5 pt-2 pb-1.5 font-medium">Value</h4>
          {/* Another value is read from its beginning. */}
          <ValueView key={facts.mark} keyRef={keyRef} changes={open ? changes : null} />
        </>
      )}
      {dialog === 'expire' && facts && <ExpireDialog expiresAt={facts.expiresAt} changes={changes} onClose={close} />}
      {dialog === 'delete' && facts && <DeleteDialog name={name} facts={facts} changes={changes} onClose={close} />}
    </Panel>
  )
}

function Facts({ facts }: { facts: PeekedKey }) {
  const { type, length, bytes, encoding, expiresAt, family, more } = facts
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-x-4 gap-y-1.5 px-3.5 pb-2 text-sm">
      <Fact name="Type">
        <Badge>{typeName(type)}</Badge>{' '}
        {encoding && encoding !== type && <span className="text-muted">{encoding}</span>}
      </Fact>
      {length !== null && <Fact name="Length">{lengthText(type, length)}</Fact>}
      <Fact name="Memory">{bytes === null ? 'not told' : `about ${bytesText(bytes)}`}</Fact>
      <Fact name="Expires">{expiresAt === null ? 'never' : <Until at={new Date(expiresAt).toISOString()} />}</Fact>
      <Fact name="Family">
        {family ? `${family.name}: ${family.holds}. Truth: ${family.truth}.` : 'none that Engram knows'}
      </Fact>
      {more.map(({ name, value }) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  )
}
