'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Select } from '@/components/ui/select'
import { monthName, retentionColumns } from './retention-columns'
import { RetentionDialog } from './retention-dialog'

const FOR_EVER = 'ever'
const CHOICES = [1, 3, 6, 13, 25, 37]
const nameOf = (months: number | null) => (months === null ? 'for ever' : `${months} month${months === 1 ? '' : 's'}`)

/** How long calls are kept one by one, and what goes when. */
export function RetentionPanel() {
  const trpc = useTRPC()
  const admin = useOperator().role === 'admin'
  const [chosen, setChosen] = useState<number | null | undefined>()
  const read = useQuery(trpc.settings.retention.read.queryOptions())
  const keepMonths = read.data?.keepMonths ?? null
  const choices = [...new Set([...CHOICES, ...(keepMonths ? [keepMonths] : [])])].sort((a, b) => a - b)
  return (
    <Panel
      title="Calls, one by one"
      memory="postgres"
      note={admin ? undefined : 'Only admins change how long they are kept'}
      state={panelState(read, 'the months')}
      minHeight={96}
      actions={
        admin && read.data ? (
          <Select
            label="Keep calls"
            prefix="Keep"
            value={keepMonths === null ? FOR_EVER : String(keepMonths)}
            onValueChange={(value) => setChosen(value === FOR_EVER ? null : Number(value))}
            options={[
              ...choices.map((months) => ({ value: String(months), label: nameOf(months) })),
              { value: FOR_EVER, label: nameOf(null) },
            ]}
          />
        ) : undefined
      }
    >
      <DataTable
        label="Months of calls"
        columns={retentionColumns}
        rows={read.data?.months ?? []}
        rowKey={monthName}
        maxHeight={320}
        note={`Kept ${nameOf(keepMonths)} beside the month that runs. What goes is announced here a week before; totals by the hour are kept for ever.`}
      />
      {chosen !== undefined && read.data && (
        <RetentionDialog
          keepMonths={chosen}
          name={nameOf(chosen)}
          months={read.data.months}
          onClose={() => setChosen(undefined)}
        />
      )}
    </Panel>
  )
}
