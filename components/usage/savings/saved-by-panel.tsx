'use client'

import {
  BarCell,
  CountCell,
  MissingCell,
  MoneyCell,
  MonoCell,
  PercentCell,
  TextCell,
} from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel, PanelBody } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import { CsvButton } from '@/components/usage/csv-button'
import { type SavingsGroupName, savingsGroups } from '@/server/services/usage/savings/savings.schema'
import type { SavingsPart, SavingsReport } from '@/server/services/usage/savings/savings-report'
import { savingsExportHref, savingsHref, type SavingsParams, useSavings } from './savings-params'
import { savingsSources } from './sources'

const labels: Record<SavingsGroupName, string> = { namespace: 'Namespace', tenant: 'Tenant', prompt: 'Prompt version' }

/** Which namespaces, tenants and prompt versions saved it; each row leads one step deeper, with the filters kept. */
export function SavedByPanel({ report, state }: { report: SavingsReport | undefined; state: PanelState }) {
  const { input, params, setParams } = useSavings()
  const { by } = input
  return (
    <Panel
      title="What saved it"
      memory="postgres"
      note="gross; parts add up to the whole"
      source={report && savingsSources(input, report).gross}
      actions={report && <CsvButton href={savingsExportHref({ ...params, part: by }, report.range)} />}
      state={{ status: 'ready' }}
    >
      <Tabs
        value={by}
        onValueChange={(next) =>
          void setParams({ part: savingsGroups.find((one) => one === next) ?? null, sort: null })
        }
      >
        <TabsList aria-label="Broken down by">
          {savingsGroups.map((one) => (
            <TabsTrigger key={one} value={one}>
              {labels[one]}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value={by}>
          <PanelBody state={state} title={`the parts by ${labels[by].toLowerCase()}`} minHeight={160}>
            {report && (
              <DataTable
                label={`Savings by ${labels[by].toLowerCase()}`}
                memory="redis"
                columns={columnsOf(report)}
                rows={report.groups}
                rowKey={({ key }) => key ?? ''}
                rowHref={(part) => deeper(params, by, part)}
                sort={params.sort ?? { key: 'saved', descending: true }}
                onSortChange={(sort) => void setParams({ sort })}
                total={report.groupCount}
                maxHeight={392}
                empty="No look-ups in this range."
              />
            )}
          </PanelBody>
        </TabsContent>
      </Tabs>
    </Panel>
  )
}

/** The same view of this part alone; none where it is chosen already. */
const deeper = (params: SavingsParams, by: SavingsGroupName, { key }: SavingsPart) =>
  params[by] === null
    ? savingsHref('/usage/savings', { ...params, [by]: key ?? '', part: null, sort: null })
    : undefined

function columnsOf({ by, totals }: SavingsReport): DataColumn<SavingsPart>[] {
  const share = ({ savedUsd, hits }: SavingsPart) =>
    Number(totals.savedUsd) > 0 ? Number(savedUsd) / Number(totals.savedUsd) : hits / Math.max(1, totals.hits)
  const rate = ({ hits, misses }: SavingsPart) =>
    by === 'prompt' || hits + misses === 0 ? null : hits / (hits + misses)
  const net: DataColumn<SavingsPart> = {
    key: 'net',
    header: 'Net of re-warming',
    hint: 'Less what activations of this version made the models answer again, an estimate',
    numeric: true,
    cell: ({ netUsd, hits }) =>
      hits === 0 || netUsd === undefined || netUsd === null ? (
        <MissingCell why={hits === 0 ? 'no hits' : 'of one of its activations it cannot be told'} />
      ) : (
        <MoneyCell usd={netUsd} />
      ),
    sortBy: ({ netUsd }) => (netUsd ? Number(netUsd) : null),
  }
  return [
    {
      key: 'name',
      header: labels[by],
      cell: ({ key }) => (key === null ? <TextCell muted>no prompt</TextCell> : <MonoCell>{key}</MonoCell>),
      sortBy: ({ key }) => key,
    },
    {
      key: 'saved',
      header: 'Saved, gross',
      numeric: true,
      cell: (part) =>
        part.hits === 0 ? (
          <MissingCell why="no hits" />
        ) : part.hitsWithoutCost === part.hits ? (
          <MissingCell why="no hit had a known cost" />
        ) : (
          <MoneyCell usd={part.savedUsd} />
        ),
      sortBy: ({ savedUsd }) => Number(savedUsd),
    },
    ...(by === 'prompt' ? [net] : []),
    { key: 'bar', header: '', width: '18%', cell: (part) => <BarCell share={share(part)} />, wideOnly: true },
    {
      key: 'hits',
      header: 'Hits',
      numeric: true,
      cell: ({ hits }) => <CountCell value={hits} />,
      sortBy: ({ hits }) => hits,
    },
    {
      key: 'costless',
      header: 'Without a known cost',
      hint: 'Hits of entries that were put without costUsd; not in what was saved',
      numeric: true,
      cell: ({ hitsWithoutCost, hitsUnjudged, hits }) =>
        hitsUnjudged === hits && hits > 0 ? (
          <MissingCell why="nobody counted it then" />
        ) : (
          <CountCell value={hitsWithoutCost} />
        ),
      sortBy: ({ hitsWithoutCost }) => hitsWithoutCost,
      wideOnly: true,
    },
    {
      key: 'rate',
      header: 'Hit rate',
      numeric: true,
      cell: (part) => (
        <PercentCell
          ratio={rate(part)}
          missing={by === 'prompt' ? 'a miss does not say which prompt it would have been' : 'no look-ups'}
        />
      ),
      sortBy: rate,
      wideOnly: true,
    },
  ]
}
