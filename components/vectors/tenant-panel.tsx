import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { durationText } from '@/components/format/duration'
import { percentText } from '@/components/format/percent'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { VectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'
import { Facts } from './facts'
import { RecallCurve } from './recall-curve'
import { SleepNote } from './sleep-note'
import { TenantActions } from './tenant-actions'
import { TenantJob } from './tenant-job'
import type { VectorTenant } from './vector-types'
import { intervalText, reasonText } from './vector-words'

type Props = {
  tenant: VectorTenant
  detail: Parameters<typeof useUsageState>[0] & { data: VectorsOfTenant | undefined }
}

/** One tenant: what its searches find, at what price, and what to do about it. */
export function TenantPanel({ tenant, detail }: Props) {
  const { data } = detail
  const state = useUsageState(detail, `the memory of ${tenant.tenant}`)
  const latest = data?.latest
  return (
    <Panel
      title={tenant.tenant}
      memory="postgres"
      badge={tenant.partition}
      note={
        latest && (
          <>
            measured <Age at={latest.at} />
          </>
        )
      }
      source={
        latest
          ? {
              stores: ['postgres'],
              from: 'searches of sampled items by the index and exactly, in one transaction each',
              window: `${count(latest.sample)} items, k ${latest.k}`,
              asOf: latest.at,
              precision: 'sampled',
              detail:
                'Recall: rows of the exact answer that the index found; ties with the last one count. 95 % interval. p95 as this process saw it.',
            }
          : undefined
      }
      state={state}
      minHeight={220}
    >
      {data && (
        <>
          {latest && tenant.indexState === 'valid' ? (
            <RecallCurve
              points={latest.points}
              target={data.partition.recallTarget}
              cheapest={data.cheapest?.efSearch ?? null}
            />
          ) : (
            <p className="px-3.5 pb-2.5 text-muted">{unmeasured(tenant)}</p>
          )}
          <SleepNote tenant={tenant} />
          <Facts rows={facts(tenant, data)} />
          <TenantJob detail={data} />
          <TenantActions tenant={tenant} detail={data} />
        </>
      )}
    </Panel>
  )
}

function unmeasured({ indexState, rows }: VectorTenant): string {
  if (rows === 0) return 'There are no items yet.'
  if (indexState === 'valid')
    return 'Recall was not measured yet: measure it to see what searches miss, and the cheapest ef_search for the target.'
  return 'Without an index that searches can use every answer is exact, and takes as long as there are rows.'
}

function facts(tenant: VectorTenant, { latest, cheapest, partition, history }: VectorsOfTenant) {
  const shown = tenant.indexState === 'valid' ? latest : null
  const best = history
    .filter(({ efSearch }) => efSearch === partition.efSearch)
    .reduce((most, { recall }) => Math.max(most, recall), 0)
  const short = shown?.points.find(({ efSearch }) => efSearch === shown.efSearch)?.rowsShort ?? 0
  const rows = [
    shown && { name: `Recall@${shown.k} now, ef ${shown.efSearch}`, value: intervalText(shown) },
    shown && {
      name: `Cheapest ef for ${partition.recallTarget}`,
      value: cheapest ? `${cheapest.efSearch} · ${durationText(cheapest.msP95)} p95` : 'none of those measured',
    },
    shown && { name: 'Exact search', value: `${durationText(shown.exactMsP95)} p95` },
    shown && short > 0 && { name: 'Rows short', value: `${count(short)} of ${count(shown.sample)} searches` },
    shown && best > shown.high && { name: `Best in 30 days, ef ${partition.efSearch}`, value: best.toFixed(3) },
    shown && reasonText(tenant) && { name: 'Why', value: reasonText(tenant) },
    tenant.indexHitRatio !== null && {
      name: 'Index pages found in memory',
      value: percentText(tenant.indexHitRatio),
      hint: 'Since the look before: blocks hit of the vector index ÷ all that were asked for',
    },
    {
      name: 'Model',
      value: partition.model
        ? `${partition.model} · ${partition.dimensions} d · ${partition.metric}`
        : 'comes with the first item',
    },
    {
      name: 'Last used',
      value: tenant.lastUsedAt ? <Age at={tenant.lastUsedAt} /> : 'not in five weeks',
      hint: 'Searched or written to, by the minute',
    },
    {
      name: 'Vacuumed',
      value: tenant.lastVacuumAt ? <Age at={tenant.lastVacuumAt} /> : 'never',
      hint: 'By hand or by autovacuum',
    },
  ]
  return rows.filter((row) => row !== null && row !== false && row !== '')
}
