'use client'

import { useQuery } from '@tanstack/react-query'
import { CircleCheck, LoaderCircle } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { Age } from '@/components/feedback/age'
import { clockSeconds } from '@/components/format/instant'
import { withScope, useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { useVisible } from '@/components/shell/use-visible'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'

const POLL_MS = 1_000
const callWords = { usage: 'A usage event', prompt: 'A prompt read', cache: 'A cache look-up' } as const

/** Turns green by itself once the key's first call has come; asks no more after that, nor while nobody looks. */
export function FirstEvent({ keyId }: { keyId: string | null }) {
  const trpc = useTRPC()
  const visible = useVisible()
  const query = useQuery(
    trpc.settings.keys.firstCall.queryOptions(
      { id: keyId ?? '' },
      {
        enabled: keyId !== null,
        staleTime: 0,
        refetchInterval: ({ state }) => (visible && !state.data?.firstCall ? POLL_MS : false),
      },
    ),
  )
  const first = query.data?.firstCall
  return (
    <Card aria-label="First event" className={first ? 'border-ok' : undefined}>
      <CardHeader title="3. The first event" memory="postgres" />
      <CardBody>
        <div role="status" className="flex min-h-7 flex-wrap items-center gap-2">
          {first ? (
            <Received {...first} />
          ) : keyId ? (
            <>
              <LoaderCircle aria-hidden className="size-4 animate-spin text-muted" />
              Waiting for the first event
              {query.error && <span className="text-bad">Could not ask: {query.error.message}</span>}
            </>
          ) : (
            <span className="text-muted">Shows here by itself, once there is a key and the lines have run.</span>
          )}
        </div>
      </CardBody>
    </Card>
  )
}

interface First {
  call: keyof typeof callWords
  at: string
  tenant: string | null
  model: string | null
}

function Received({ call, at, tenant, model }: First) {
  const { scope, params } = useScope()
  return (
    <>
      <CircleCheck aria-hidden className="size-4 text-ok-ink" />
      <span>
        <b className="font-medium text-ok-ink">First event received</b> · {clockSeconds(at, scope.timezone)} (
        <Age at={at} />) · {callWords[call]}
        {tenant && (
          <>
            {' '}
            of tenant <b className="font-medium">{tenant}</b>
          </>
        )}
        {model && (
          <>
            , model <span className="font-mono text-sm">{model}</span>
          </>
        )}
      </span>
      <Button asChild className="ml-auto">
        <Link href={withScope('/usage', { ...params, tenant, range: '1h', from: null, to: null })}>
          See it in Usage
        </Link>
      </Button>
    </>
  )
}
