'use client'

import { DataTable } from '@/components/data-table/data-table'
import { Panel, PanelBody } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { money } from '@/components/format/money'
import { usageSource } from '@/components/overview/sources'
import { windowText } from '@/components/overview/window-text'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import type { UsageBreakdown, UsagePart } from '@/server/services/usage/usage-breakdown'
import { type Breakdown, breakdowns } from '@/server/services/usage/usage.schema'
import { CsvButton } from './csv-button'
import { partColumns } from './part-columns'
import { exportHref, usageHref, type UsageParams, useUsage } from './search-params'
import { useModelLatencies } from './use-model-latencies'
import { knownCost, tabLabels } from './words'

const sourceText: Partial<Record<Breakdown, string>> = {
  user: "From the sums by user; a user is one tenant's user. Read from the calls themselves where a model or prompt is chosen.",
  status: 'From the sums by status. Read from the calls themselves where a user, model or prompt is chosen.',
}

/** Pixels: a dozen rows, so that the charts below stay within reach. */
const TABLE_HEIGHT = 392

/** Who and what the range was spent on; each row leads one step deeper, with the filters kept in the address. */
export function BreakdownPanel({ parts, state }: { parts: UsageBreakdown | undefined; state: PanelState }) {
  const { by, params, scope, setParams } = useUsage()
  return (
    <Panel
      title="Who spends"
      memory="postgres"
      note="parts add up to the totals"
      source={
        parts &&
        usageSource(
          { window: windowText(scope, parts.asOf), asOf: parts.asOf },
          sourceText[by] ?? 'Exact sums; the parts add up to the totals.',
        )
      }
      actions={parts && <CsvButton href={exportHref('/usage/export', { ...params, by }, parts)} />}
      state={{ status: 'ready' }}
    >
      <Tabs
        value={by}
        onValueChange={(next) => void setParams({ by: breakdowns.find((one) => one === next) ?? null, sort: null })}
      >
        <TabsList aria-label="Broken down by">
          {breakdowns.map((one) => (
            <TabsTrigger key={one} value={one}>
              {tabLabels[one]}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value={by} className={state.status === 'degraded' ? 'pt-2' : undefined}>
          <Parts key={by} {...{ by, parts, state, scope, params, setParams }} />
        </TabsContent>
      </Tabs>
    </Panel>
  )
}

type PartsProps = { by: Breakdown; parts: UsageBreakdown | undefined; state: PanelState } & Pick<
  ReturnType<typeof useUsage>,
  'scope' | 'params' | 'setParams'
>

function Parts({ by, parts, state, scope, params, setParams }: PartsProps) {
  const others = parts?.others
  const latencies = useModelLatencies(scope, by)
  return (
    <PanelBody state={state} title={`the parts by ${tabLabels[by].toLowerCase()}`} minHeight={200}>
      {parts && (
        <DataTable
          label={`Usage by ${tabLabels[by].toLowerCase()}`}
          memory="postgres"
          columns={partColumns(by, parts.totals, by === 'user' && params.tenant === null, latencies)}
          rows={parts.groups}
          rowKey={(part) => JSON.stringify([part.tenant, part.key])}
          rowHref={(part) => deeper(params, by, part)}
          sort={params.sort ?? { key: 'cost', descending: true }}
          onSortChange={(sort) => void setParams({ sort })}
          total={parts.groupCount}
          maxHeight={TABLE_HEIGHT}
          note={
            others &&
            `the dearest; ${count(others.count)} others made ${count(others.requests)} requests for ${money(knownCost(others))}`
          }
          empty="No calls in this range."
        />
      )}
    </PanelBody>
  )
}

/** The same view of this part alone; none where it is chosen already. */
function deeper(params: UsageParams, by: Breakdown, { key, tenant }: UsagePart): string | undefined {
  if (params[by] !== null) return undefined
  return usageHref('/usage', { ...params, [by]: key ?? '', ...(tenant !== null && { tenant }), by: null, sort: null })
}
