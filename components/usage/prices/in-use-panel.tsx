'use client'

import { useQuery } from '@tanstack/react-query'
import { CountCell, MoneyCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { windowText } from '@/components/overview/window-text'
import { knownCost } from '@/components/usage/words'
import { useTRPC } from '@/components/shell/trpc'
import type { PricedModel } from '@/server/services/usage/prices/list-prices'
import { MatchCell } from './match-cell'
import { NameCell } from './name-cell'
import type { Open } from './opened'
import { usePrices } from './prices-params'
import { rateColumns } from './rate-columns'
import { RowMenu } from './row-menu'
import { useMayChange } from './use-may-change'

/** Every model reported in the range: what it is taken for, its price, and what it cost. */
export function InUsePanel({ onOpen }: { onOpen: Open }) {
  const { scope } = usePrices()
  const mayChange = useMayChange()
  const list = useQuery(useTRPC().prices.inUse.queryOptions(scope))
  const { tenant } = scope
  const menu: DataColumn<PricedModel> = {
    key: 'change',
    header: '',
    numeric: true,
    cell: ({ provider, model }) => (
      <RowMenu
        name={`${provider}/${model}`}
        items={[
          {
            label: 'Enter a price',
            onSelect: () =>
              onOpen({ kind: 'override', start: { tenant, provider, model, from: new Date().toISOString() } }),
          },
          {
            label: 'Price as another model',
            onSelect: () => onOpen({ kind: 'alias', start: { tenant, provider, model } }),
          },
        ]}
      />
    ),
  }
  const columns: DataColumn<PricedModel>[] = [
    { key: 'model', header: 'Reported', cell: (row) => <NameCell {...row} />, sortBy: ({ model }) => model },
    {
      key: 'match',
      header: 'Priced as',
      hint: 'The model of the price list that the name means, and why',
      cell: (row) => <MatchCell price={row} />,
    },
    ...rateColumns<PricedModel>(({ rates }) => rates),
    {
      key: 'requests',
      header: 'Requests',
      numeric: true,
      cell: ({ requests }) => <CountCell value={requests} compact />,
      sortBy: ({ requests }) => requests,
      wideOnly: true,
    },
    {
      key: 'cost',
      header: 'Cost',
      numeric: true,
      cell: (row) => <MoneyCell usd={knownCost(row)} />,
      sortBy: (row) => (knownCost(row) === null ? null : Number(row.costUsd)),
    },
    ...(mayChange ? [menu] : []),
  ]
  return (
    <Panel
      title="Prices in use"
      memory="postgres"
      edge
      note={list.data && 'US dollars per million tokens'}
      source={
        list.data && {
          stores: ['postgres'],
          from: 'usage_hourly + usage_deltas; prices from genai-prices and overrides',
          window: windowText(scope, list.data.asOf),
          asOf: list.data.asOf,
          precision: 'exact',
          detail: 'Prices as they are at the end of the range. Each call keeps the price that it was costed with.',
        }
      }
      state={panelState(list, 'the prices in use', {
        empty: list.data?.models.length === 0 && {
          title: 'No model was called in this range.',
          hint: 'Each model that applications report appears here with the price that its name was matched to.',
        },
      })}
      minHeight={160}
    >
      <DataTable
        label="Prices in use"
        memory="postgres"
        columns={columns}
        rows={list.data?.models ?? []}
        rowKey={({ provider, model }) => `${provider}/${model}`}
        defaultSort={{ key: 'cost', descending: true }}
        total={list.data?.total}
      />
    </Panel>
  )
}
