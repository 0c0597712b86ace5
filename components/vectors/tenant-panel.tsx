import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { VectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'
import { Facts } from './facts'
import { RecallCurve } from './recall-curve'
import { SleepNote } from './sleep-note'
import { TenantActions } from './tenant-actions'
import { tenantFacts } from './tenant-facts'
import { TenantJob } from './tenant-job'
import type { VectorTenant } from './vector-types'
import { widthOf } from './vector-words'

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
              from: `${askedNames[latest.asked]} by the index and exactly, in one transaction each`,
              window: `${count(latest.sample)} searches, k ${latest.k}`,
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
              points={latest.points.map((point) => ({ ...point, width: widthOf(point) }))}
              setting={latest.probes === null ? 'ef_search' : 'probes'}
              target={data.partition.recallTarget}
              cheapest={data.cheapest && widthOf(data.cheapest)}
            />
          ) : (
            <p className="px-3.5 pb-2.5 text-muted">{unmeasured(tenant)}</p>
          )}
          <SleepNote tenant={tenant} />
          <Facts rows={tenantFacts(tenant, data)} />
          <TenantJob detail={data} />
          <TenantActions tenant={tenant} detail={data} />
        </>
      )}
    </Panel>
  )
}

const askedNames = { items: 'searches for sampled items', searches: 'kept searches of applications' } as const

function unmeasured({ indexState, rows }: VectorTenant): string {
  if (rows === 0) return 'There are no items yet.'
  if (indexState === 'valid')
    return 'Recall was not measured yet: measure it to see what searches miss, and the cheapest way to reach the target.'
  return 'Without an index that searches can use every answer is exact, and takes as long as there are rows.'
}
