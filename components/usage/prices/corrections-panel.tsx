'use client'

import { useQuery } from '@tanstack/react-query'
import { CountCell, MoneyCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import type { ListedCorrection } from '@/server/services/usage/prices/read-correction'
import { DifferenceCell } from './difference-cell'
import type { Open } from './opened'
import { repriceRange } from './reprice-range'
import { usePrices } from './prices-params'
import { useMayChange } from './use-may-change'

const RUNNING_MS = 1_000

/** What was re-priced: who, why, and by how much. */
export function CorrectionsPanel({ onOpen }: { onOpen: Open }) {
  const { scope } = usePrices()
  const mayChange = useMayChange()
  const list = useQuery(
    useTRPC().prices.corrections.queryOptions(undefined, {
      refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'applying') ? RUNNING_MS : false),
    }),
  )
  const start = mayChange && (
    <Button
      onClick={() =>
        onOpen({
          kind: 'reprice',
          draft: { tenants: scope.tenant ? [scope.tenant] : [], models: null, ...repriceRange(scope), reason: '' },
        })
      }
    >
      Re-price
    </Button>
  )
  const columns: DataColumn<ListedCorrection>[] = [
    { key: 'reason', header: 'Reason', cell: ({ reason }) => <TextCell>{reason}</TextCell> },
    { key: 'state', header: 'State', cell: (row) => <StateChip row={row} /> },
    {
      key: 'requests',
      header: 'Changed',
      hint: 'Requests whose cost or price changed',
      numeric: true,
      cell: ({ total }) => <CountCell value={total.requests} />,
      sortBy: ({ total }) => total.requests,
    },
    {
      key: 'before',
      header: 'Before',
      numeric: true,
      cell: ({ total }) => <MoneyCell usd={total.before} />,
      wideOnly: true,
    },
    {
      key: 'after',
      header: 'After',
      numeric: true,
      cell: ({ total }) => <MoneyCell usd={total.after} />,
      wideOnly: true,
    },
    {
      key: 'difference',
      header: 'Difference',
      numeric: true,
      cell: ({ total }) => <DifferenceCell usd={total.difference} />,
      sortBy: ({ total }) => Number(total.difference),
    },
    {
      key: 'applied',
      header: 'Applied',
      cell: ({ appliedAt, appliedBy }) => (
        <TextCell muted>
          {appliedAt && <Age at={appliedAt} />} by {appliedBy}
        </TextCell>
      ),
      wideOnly: true,
    },
  ]
  return (
    <Panel
      title="Corrections"
      memory="postgres"
      edge
      source={
        list.data && {
          stores: ['postgres'],
          from: 'price_corrections, price_correction_slices',
          precision: 'exact',
          detail: 'What each changed call had cost before is kept in price_correction_rows.',
        }
      }
      actions={start}
      state={panelState(list, 'the corrections', {
        empty: list.data?.length === 0 && {
          title: 'Nothing was re-priced.',
          hint: 'Calls keep the price that they were costed with. When a price was wrong or missing, re-price a stretch of time: you see the difference per tenant and model first, and what each call had cost is kept.',
          action: start,
        },
      })}
      minHeight={160}
    >
      <DataTable
        label="Corrections"
        memory="postgres"
        columns={columns}
        rows={list.data ?? []}
        rowKey={({ id }) => id}
        onSelect={({ id }) => onOpen({ kind: 'correction', id })}
        alreadySorted
      />
    </Panel>
  )
}

function StateChip({ row: { state, scanned, expected } }: { row: ListedCorrection }) {
  if (state === 'applied') return <Chip tone="ok">applied</Chip>
  return <Chip tone="warn">{`applying, ${Math.min(100, Math.floor((100 * scanned) / Math.max(1, expected)))} %`}</Chip>
}
