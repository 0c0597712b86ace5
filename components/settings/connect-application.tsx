'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { CodeBlock } from '@/components/ui/code-block'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import { useTRPC } from '@/components/shell/trpc'
import { connectLines, keyPlaceholder } from './connect-lines'
import { CreateKeyForm, type CreatedKey } from './create-key-form'
import { FirstEvent } from './first-event'
import { NotAllowed } from './not-allowed'

/** J11: one press makes the key and fills it into the lines; the first event then shows by itself. */
export function ConnectApplication() {
  const trpc = useTRPC()
  const connect = useQuery(trpc.settings.connect.queryOptions())
  const [created, setCreated] = useState<CreatedKey | null>(null)
  return (
    <div className="grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-4">
      <Panel title="1. A key" state={panelState(connect, 'what you may do')} minHeight={72}>
        {created ? (
          <KeyOnce created={created} />
        ) : connect.data?.mayCreateKeys ? (
          <CreateKeyForm submitLabel="Create key and show the lines" connecting onCreated={setCreated} />
        ) : (
          <NotAllowed to="create keys" />
        )}
      </Panel>
      <Panel title="2. The lines" state={panelState(connect, 'the address of the gateway')} minHeight={160}>
        {connect.data && (
          <LinesTabs
            gatewayUrl={connect.data.gatewayUrl}
            keyText={created?.key ?? keyPlaceholder}
            tenant={created?.tenants?.[0] ?? 'acme'}
          />
        )}
      </Panel>
      <FirstEvent keyId={created?.id ?? null} />
    </div>
  )
}

function KeyOnce({ created }: { created: CreatedKey }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2 px-3.5 pb-3.5">
      <p>
        <b className="font-medium">{created.name}</b> is ready.{' '}
        <span className="text-muted">
          This is the only time that the key is shown: only its hash is kept. The lines below hold it already.
        </span>
      </p>
      <CodeBlock code={created.key} label="Copy the key" />
    </div>
  )
}

function LinesTabs({ gatewayUrl, keyText, tenant }: { gatewayUrl: string; keyText: string; tenant: string }) {
  const lines = connectLines({ gatewayUrl, key: keyText, tenant })
  return (
    <Tabs defaultValue="curl">
      <TabsList aria-label="Kind of application">
        {lines.map(({ id, label }) => (
          <TabsTrigger key={id} value={id}>
            {label}
          </TabsTrigger>
        ))}
      </TabsList>
      {lines.map(({ id, label, note, code }) => (
        <TabsContent key={id} value={id} className="grid grid-cols-[minmax(0,1fr)] gap-2 px-3.5 py-3">
          <p className="text-muted">{note}</p>
          <CodeBlock code={code} label={`Copy the lines for ${label}`} />
        </TabsContent>
      ))}
    </Tabs>
  )
}
