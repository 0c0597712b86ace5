'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { InviteDialog } from './invite-dialog'
import { operatorColumns, type ListedOperator } from './operator-columns'
import { OperatorChange, type Change } from './operator-change'

export function OperatorsPanel() {
  const trpc = useTRPC()
  const self = useOperator()
  const admin = self.role === 'admin'
  const list = useQuery(trpc.settings.operators.list.queryOptions())
  const [inviting, setInviting] = useState(false)
  const [chosen, setChosen] = useState<{ operator: ListedOperator; change: Change } | null>(null)
  return (
    <Panel
      title="Operators"
      memory="postgres"
      note={admin ? undefined : 'Only admins invite and change operators'}
      actions={admin ? <Button onClick={() => setInviting(true)}>Invite</Button> : undefined}
      state={panelState(list, 'the operators')}
      minHeight={96}
    >
      <DataTable
        label="Operators"
        columns={operatorColumns(self.id, admin ? (operator, change) => setChosen({ operator, change }) : undefined)}
        rows={list.data ?? []}
        rowKey={(operator) => operator.id}
        maxHeight={420}
        note="Viewers look, operators also activate and roll back, admins also manage operators and keys."
      />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {chosen && <OperatorChange {...chosen} onClose={() => setChosen(null)} />}
    </Panel>
  )
}
