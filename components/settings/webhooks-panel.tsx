'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import type { ListedWebhook } from '@/server/services/webhooks/list-webhooks'
import { CreateWebhookDialog } from './create-webhook-dialog'
import { DeleteWebhook } from './delete-webhook'
import { DeliveriesPanel } from './deliveries-panel'
import { EditWebhookDialog } from './edit-webhook-dialog'
import { useWebhookTest } from './use-webhook-test'
import { verificationLines } from './verification-lines'
import { webhookColumns } from './webhook-columns'

type Opened = { kind: 'create' } | { kind: 'edit' | 'delete'; webhook: ListedWebhook }

/** Who is told of what happens to prompts, for admins; below it what was told. */
export function WebhooksPanel() {
  const list = useQuery(useTRPC().settings.webhooks.list.queryOptions())
  const [opened, setOpened] = useState<Opened | null>(null)
  const { test, testing } = useWebhookTest()
  const close = () => setOpened(null)
  const create = <Button onClick={() => setOpened({ kind: 'create' })}>New webhook</Button>
  return (
    <>
      <Panel
        title="Webhooks"
        memory="postgres"
        actions={create}
        state={panelState(list, 'the webhooks', {
          empty: list.data?.length === 0 && {
            title: 'Nobody is told yet',
            hint: 'A webhook is an HTTP address of yours. Engram posts to it when a version goes live, is rolled back or waits for approval; each message is repeated until it arrives, and signed. A receiver in Node believes one like this:',
            command: verificationLines,
            action: create,
          },
        })}
        minHeight={96}
      >
        <DataTable
          label="Webhooks"
          columns={webhookColumns({ testing, onTest: test, onChoose: (kind, webhook) => setOpened({ kind, webhook }) })}
          rows={list.data ?? []}
          rowKey={({ id }) => id}
          maxHeight={420}
          note="After a failure the next attempts come about 5 s, 30 s, 2 min, 10 min, 1 h and 6 h later. Messages may arrive twice or out of order: tell them by webhook-id and revision."
        />
      </Panel>
      {(list.data?.length ?? 0) > 0 && <DeliveriesPanel />}
      {opened?.kind === 'create' && <CreateWebhookDialog onClose={close} />}
      {opened?.kind === 'edit' && <EditWebhookDialog webhook={opened.webhook} onClose={close} />}
      {opened?.kind === 'delete' && <DeleteWebhook webhook={opened.webhook} onClose={close} />}
    </>
  )
}
