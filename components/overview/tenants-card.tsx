import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { MoneyCell } from '@/components/data-table/cells'
import { count } from '@/components/format/count'
import type { Overview } from '@/server/services/overview/overview'
import { ShareRows } from './share-rows'
import { usageSource } from './sources'

/** Who spends: the dearest tenants, and all others as one, so that the parts add up. */
export function TenantsCard({
  state,
  data,
  window,
  link,
}: {
  state: PanelState
  data: Overview | undefined
  window: string
  link: (tenant: string) => string
}) {
  const { shown = [], others = null } = data?.postgres.tenants ?? {}
  const all = [...shown, ...(others ? [others] : [])]
  const most = Math.max(...all.map(({ costUsd }) => Number(costUsd)), 0)
  const shareOf = (usd: string) => (most > 0 ? Number(usd) / most : 0)
  const rows = shown.map(({ tenant, costUsd, requests, unpriced }) => ({
    key: tenant,
    label: tenant,
    share: shareOf(costUsd),
    value: <MoneyCell usd={unpriced === requests ? null : costUsd} />,
    href: link(tenant),
  }))
  const rest = others && {
    key: ' others',
    label: `${count(others.count)} ${others.count === 1 ? 'other' : 'others'}`,
    share: shareOf(others.costUsd),
    value: <MoneyCell usd={others.costUsd} />,
  }
  return (
    <Panel
      title="Cost by tenant"
      memory="postgres"
      source={usageSource({ window, asOf: data?.asOf }, 'Adds up to the cost above; unpriced requests are not in it.')}
      note={window}
      state={state}
      minHeight={172}
    >
      <div data-memory="postgres">
        <ShareRows rows={rest ? [...rows, rest] : rows} />
      </div>
    </Panel>
  )
}
