'use client'

import { useQuery } from '@tanstack/react-query'
import { MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import type { ListedAlias } from '@/server/services/usage/prices/list-prices'
import { NameCell } from './name-cell'
import type { Open } from './opened'
import { usePrices } from './prices-params'
import { RowMenu } from './row-menu'
import { useMayChange } from './use-may-change'

/** What reported names are priced as where their own match is wrong or missing. */
export function AliasesPanel({ onOpen }: { onOpen: Open }) {
  const { scope } = usePrices()
  const mayChange = useMayChange()
  const list = useQuery(useTRPC().prices.aliases.queryOptions())
  const add = mayChange && (
    <Button onClick={() => onOpen({ kind: 'alias', start: { tenant: scope.tenant } })}>New alias</Button>
  )
  const columns: DataColumn<ListedAlias>[] = [
    { key: 'model', header: 'Reported', cell: (row) => <NameCell {...row} />, sortBy: ({ model }) => model },
    {
      key: 'tenant',
      header: 'For',
      cell: ({ tenant }) => <TextCell muted={tenant === null}>{tenant ?? 'all tenants'}</TextCell>,
      sortBy: ({ tenant }) => tenant,
    },
    {
      key: 'target',
      header: 'Priced as',
      cell: ({ targetProvider, targetModel }) =>
        targetModel === null ? (
          <Chip tone="warn">no price</Chip>
        ) : (
          <MonoCell>{`${targetProvider}/${targetModel}`}</MonoCell>
        ),
    },
    {
      key: 'reason',
      header: 'Reason',
      cell: ({ reason }) => <TextCell muted>{reason ?? ''}</TextCell>,
      wideOnly: true,
    },
    {
      key: 'entered',
      header: 'Entered',
      cell: ({ enteredAt, enteredBy }) => (
        <TextCell muted>
          <Age at={enteredAt} /> by {enteredBy}
        </TextCell>
      ),
      sortBy: ({ enteredAt }) => enteredAt,
      wideOnly: true,
    },
    {
      key: 'change',
      header: '',
      numeric: true,
      cell: ({ id, provider, model, endedAt }) =>
        endedAt !== null ? (
          <Chip>ended</Chip>
        ) : mayChange ? (
          <RowMenu
            name={`${provider}/${model}`}
            items={[
              {
                label: 'Remove',
                danger: true,
                onSelect: () => onOpen({ kind: 'end', entry: 'alias', id, name: `${provider}/${model}` }),
              },
            ]}
          />
        ) : null,
    },
  ]
  return (
    <Panel
      title="Aliases"
      memory="postgres"
      edge
      source={
        list.data && {
          stores: ['postgres'],
          from: 'price_aliases',
          precision: 'exact',
          detail: 'A tenant’s own alias comes before that for all. Gateways use a new one within a second.',
        }
      }
      actions={add}
      state={panelState(list, 'the aliases', {
        empty: list.data?.length === 0 && {
          title: 'Every name is matched by itself.',
          hint: 'An alias says which model a reported name means: an Azure deployment, a name of your proxy. It can also say that a name has no price, where its match is wrong.',
          action: add,
        },
      })}
      minHeight={160}
    >
      <DataTable
        label="Aliases"
        memory="postgres"
        columns={columns}
        rows={list.data ?? []}
        rowKey={({ id }) => String(id)}
        alreadySorted
      />
    </Panel>
  )
}
