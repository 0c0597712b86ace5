'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { revocationSeconds } from '@/server/services/keys/keys.schema'
import { CreateKeyDialog } from './create-key-dialog'
import { keyColumns, type ListedKey } from './key-columns'
import { RevokeKey } from './revoke-key'

export function KeysPanel() {
  const trpc = useTRPC()
  const admin = useOperator().role === 'admin'
  const list = useQuery(trpc.settings.keys.list.queryOptions())
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ListedKey | null>(null)
  const create = admin ? <Button onClick={() => setCreating(true)}>New key</Button> : undefined
  return (
    <Panel
      title="API keys"
      memory="postgres"
      note={admin ? undefined : 'Only admins make and revoke keys'}
      actions={create}
      state={panelState(list, 'the keys', {
        empty: list.data?.keys.length === 0 && {
          title: 'No application is connected yet.',
          hint: 'An application shows its key with every call to the gateway.',
          action: create,
        },
      })}
      minHeight={96}
    >
      <DataTable
        label="API keys"
        columns={keyColumns(admin ? setRevoking : undefined)}
        rows={list.data?.keys ?? []}
        rowKey={(key) => key.id}
        maxHeight={420}
        note={`${list.data?.more ? 'The newest 500. ' : ''}A revoked key is refused within ${revocationSeconds} s.`}
      />
      {creating && <CreateKeyDialog onClose={() => setCreating(false)} />}
      {revoking && <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Panel>
  )
}
