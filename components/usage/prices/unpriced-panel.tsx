'use client'

import { useQuery } from '@tanstack/react-query'
import { CountCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import type { WaitingModel } from '@/server/services/usage/prices/list-prices'
import { MatchCell } from './match-cell'
import { NameCell } from './name-cell'
import type { Open, RepriceDraft } from './opened'
import { usePrices } from './prices-params'
import { useMayChange } from './use-may-change'

/** What was called without a price: how much waits, since when, whose; and the two ways out. */
export function UnpricedPanel({ onOpen }: { onOpen: Open }) {
  const { scope } = usePrices()
  const { tenant } = scope
  const mayChange = useMayChange()
  const list = useQuery(useTRPC().prices.unpriced.queryOptions({ tenant }))
  const columns: DataColumn<WaitingModel>[] = [
    { key: 'model', header: 'Reported', cell: (row) => <NameCell {...row} />, sortBy: ({ model }) => model },
    {
      key: 'requests',
      header: 'Requests',
      numeric: true,
      cell: ({ requests }) => <CountCell value={requests} />,
      sortBy: ({ requests }) => requests,
    },
    {
      key: 'tokens',
      header: 'Tokens',
      hint: 'Input and output tokens that wait for a price',
      numeric: true,
      cell: ({ inputTokens, outputTokens }) => <CountCell value={inputTokens + outputTokens} compact />,
      sortBy: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
    },
    {
      key: 'since',
      header: 'Since',
      cell: ({ since }) => <Age at={since} />,
      sortBy: ({ since }) => since,
      wideOnly: true,
    },
    { key: 'tenants', header: 'Tenants', cell: (row) => <TextCell muted>{tenantsText(row)}</TextCell>, wideOnly: true },
    { key: 'match', header: 'Priced as', cell: (row) => <MatchCell price={row} />, wideOnly: true },
    ...(mayChange
      ? [
          {
            key: 'ways',
            header: '',
            numeric: true,
            cell: (row: WaitingModel) => <Ways row={row} tenant={tenant} onOpen={onOpen} />,
          },
        ]
      : []),
  ]
  return (
    <Panel
      title="Unpriced"
      memory="postgres"
      edge
      note={list.data && 'all the time that single calls are kept'}
      source={
        list.data && {
          stores: ['postgres'],
          from: 'llm_usage where cost_usd is null',
          asOf: list.data.asOf,
          precision: 'exact',
          detail:
            'Calls that no price was known for when they were reported. No cost includes them; they are not free.',
        }
      }
      state={panelState(list, 'what is unpriced', {
        empty: list.data?.models.length === 0 && {
          title: 'Every call has a price.',
          hint: 'A model whose name means none of the known models waits here, with its requests and tokens, until somebody enters its price or says which model it is.',
        },
      })}
      minHeight={160}
    >
      <DataTable
        label="Unpriced"
        memory="postgres"
        columns={columns}
        rows={list.data?.models ?? []}
        rowKey={({ provider, model }) => `${provider}/${model}`}
        defaultSort={{ key: 'requests', descending: true }}
        total={list.data?.total}
      />
    </Panel>
  )
}

function Ways({ row, tenant, onOpen }: { row: WaitingModel; tenant: string | null; onOpen: Open }) {
  const { provider, model, since, until, source } = row
  const waiting: RepriceDraft = {
    tenants: tenant === null ? [] : [tenant],
    models: [{ provider, model }],
    from: hourOf(since),
    to: new Date(Date.parse(until) + 60_000).toISOString(),
    reason: `${model} had no price`,
  }
  // It has a price by now: what waits only has to be costed with it.
  if (source !== null)
    return (
      <Button
        variant="primary"
        onClick={() => onOpen({ kind: 'reprice', draft: waiting })}
        aria-label={`Re-price ${model}`}
      >
        Re-price
      </Button>
    )
  return (
    <span className="inline-flex gap-1.5">
      <Button
        onClick={() => onOpen({ kind: 'override', start: { tenant, provider, model, from: hourOf(since), waiting } })}
        aria-label={`Enter a price for ${model}`}
      >
        Enter a price
      </Button>
      <Button
        onClick={() => onOpen({ kind: 'alias', start: { tenant, provider, model, waiting } })}
        aria-label={`Say which model ${model} is`}
      >
        Alias
      </Button>
    </span>
  )
}

/** The beginning of the hour, so that a price entered for it covers its first call. */
const hourOf = (at: string) => new Date(Math.floor(Date.parse(at) / 3_600_000) * 3_600_000).toISOString()

const tenantsText = ({ tenants, tenantCount }: WaitingModel) =>
  tenantCount > tenants.length ? `${tenants.join(', ')} and ${tenantCount - tenants.length} more` : tenants.join(', ')
