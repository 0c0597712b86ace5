'use client'

import { useQuery } from '@tanstack/react-query'
import { TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { fullStamp } from '@/components/format/instant'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import type { ListedOverride } from '@/server/services/usage/prices/list-prices'
import { NameCell } from './name-cell'
import type { Open } from './opened'
import { usePrices } from './prices-params'
import { rateColumns } from './rate-columns'
import { RowMenu } from './row-menu'
import { useMayChange } from './use-may-change'

/** Prices entered by operators, those that were superseded or ended included. */
export function OverridesPanel({ onOpen }: { onOpen: Open }) {
  const { scope } = usePrices()
  const mayChange = useMayChange()
  const list = useQuery(useTRPC().prices.overrides.queryOptions())
  const add = mayChange && (
    <Button
      onClick={() => onOpen({ kind: 'override', start: { tenant: scope.tenant, from: new Date().toISOString() } })}
    >
      Enter a price
    </Button>
  )
  const day = (at: string) => fullStamp(at, scope.timezone).replace(/:\d\d (\S+)$/, ' $1')
  const columns: DataColumn<ListedOverride>[] = [
    { key: 'model', header: 'Model', cell: (row) => <NameCell {...row} />, sortBy: ({ model }) => model },
    {
      key: 'tenant',
      header: 'For',
      cell: ({ tenant }) => <TextCell muted={tenant === null}>{tenant ?? 'all tenants'}</TextCell>,
      sortBy: ({ tenant }) => tenant,
    },
    ...rateColumns<ListedOverride>(({ rates }) => rates),
    {
      key: 'from',
      header: 'In force',
      cell: ({ effectiveFrom, effectiveTo }) => (
        <span className="text-sm">
          from {day(effectiveFrom)}
          {effectiveTo && <span className="block">to {day(effectiveTo)}</span>}
        </span>
      ),
      sortBy: ({ effectiveFrom }) => effectiveFrom,
      wideOnly: true,
    },
    {
      key: 'entered',
      header: 'Entered',
      cell: ({ enteredAt, enteredBy, reason, endedAt, endedBy }) => (
        <span className="block text-sm text-muted" title={reason ?? undefined}>
          <Age at={enteredAt} /> by {enteredBy}
          {endedAt && (
            <span className="block">
              <Chip>ended</Chip> <Age at={endedAt} /> by {endedBy}
            </span>
          )}
        </span>
      ),
      sortBy: ({ enteredAt }) => enteredAt,
      wideOnly: true,
    },
    {
      key: 'change',
      header: '',
      numeric: true,
      cell: (row) =>
        row.endedAt === null && mayChange ? (
          <RowMenu
            name={`${row.provider}/${row.model}`}
            items={[
              {
                label: 'Replace',
                onSelect: () =>
                  onOpen({
                    kind: 'override',
                    start: {
                      tenant: row.tenant,
                      provider: row.provider,
                      model: row.model,
                      from: row.effectiveFrom,
                      replaces: row,
                    },
                  }),
              },
              {
                label: 'End',
                danger: true,
                onSelect: () =>
                  onOpen({ kind: 'end', entry: 'override', id: row.id, name: `${row.provider}/${row.model}` }),
              },
            ]}
          />
        ) : row.endedAt === null ? null : (
          <Chip>ended</Chip>
        ),
    },
  ]
  return (
    <Panel
      title="Overrides"
      memory="postgres"
      edge
      note={list.data && 'US dollars per million tokens'}
      source={
        list.data && {
          stores: ['postgres'],
          from: 'price_overrides',
          precision: 'exact',
          detail:
            'The one entered last is in force where several are; a tenant’s own comes before that for all. Gateways use a new one within a second.',
        }
      }
      actions={add}
      state={panelState(list, 'the overrides', {
        empty: list.data?.length === 0 && {
          title: 'All prices are those of the price list.',
          hint: 'Enter a price where yours is another: a negotiated rate, a model of your own, one that the list does not know yet. It holds for one tenant or for all, from an instant on.',
          action: add,
        },
      })}
      minHeight={160}
    >
      <DataTable
        label="Overrides"
        memory="postgres"
        columns={columns}
        rows={list.data ?? []}
        rowKey={({ id }) => String(id)}
        alreadySorted
      />
    </Panel>
  )
}
