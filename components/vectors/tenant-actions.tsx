import { bytesText } from '@/components/format/bytes'
import { durationLong } from '@/components/format/duration'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { RowMenu } from '@/components/usage/prices/row-menu'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { AskForJob } from '@/server/services/vectors/vectors.schema'
import type { VectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'
import { useVectorChanges } from './use-vector-changes'
import type { VectorTenant } from './vector-types'
import { widthText } from './vector-words'

const SAMPLE = 50
const methodNames = { hnsw: 'HNSW', ivfflat: 'IVFFlat' } as const

/** Measure, apply the cheapest ef_search or probes, rebuild; the rest in a menu. */
export function TenantActions({
  tenant: { tenant, indexState, indexBytes, indexOffAt, rows },
  detail,
}: {
  tenant: VectorTenant
  detail: VectorsOfTenant
}) {
  const { measure, setSearch, ask, sleep } = useVectorChanges(tenant)
  const { partition, cheapest, width, jobs, buildEstimateMs, estimatedBy, needs } = detail
  if (!useMayChange() || partition.dimensions === null) return null
  const busy = jobs.some(({ state }) => state === 'queued' || state === 'running')
  const valid = indexState === 'valid'
  const half = partition.indexType === 'halfvec'
  const { indexMethod } = partition
  const other = indexMethod === 'hnsw' ? ('ivfflat' as const) : ('hnsw' as const)
  const verb = indexState === 'none' ? 'Build' : 'Rebuild'
  const build = (more: Omit<Extract<AskForJob['work'], { kind: 'memory.build-index' }>, 'kind'> = {}) =>
    ask.mutate({ tenant, work: { kind: 'memory.build-index', ...more } })
  const estimate = buildEstimateMs === null ? '' : `, ${durationLong(Math.max(1_000, buildEstimateMs))}`
  const items = [
    { label: 'Vacuum', onSelect: () => ask.mutate({ tenant, work: { kind: 'memory.vacuum' as const } }) },
    {
      label: `${verb} at ${half ? 'full' : 'half'} precision`,
      onSelect: () => build({ indexType: half ? 'vector' : 'halfvec' }),
    },
    {
      label: `${verb} as ${methodNames[other]}, ≈ ${bytesText(needs?.[other].bytes ?? 0)}`,
      onSelect: () => build({ indexMethod: other }),
    },
    ...[16, 32]
      .filter((m) => indexMethod === 'hnsw' && m !== partition.m)
      .map((m) => ({
        label: `${verb} with m ${m}, ef_construction ${4 * m}`,
        onSelect: () => build({ m, efConstruction: 4 * m }),
      })),
    ...(valid && partition.otherModel === null
      ? [
          {
            label: `Put to sleep, frees ${bytesText(indexBytes ?? 0)}`,
            onSelect: () => sleep.mutate({ tenant, work: { kind: 'memory.sleep' as const } }),
          },
        ]
      : []),
    ...(indexState === 'none'
      ? []
      : [
          {
            label: 'Drop the index',
            danger: true,
            onSelect: () => ask.mutate({ tenant, work: { kind: 'memory.drop-index' as const } }),
          },
        ]),
  ]
  return (
    <CardFooter className="items-center">
      {!busy && <RowMenu name={`the memory of ${tenant}`} items={items} />}
      {valid && (
        <Button size="md" pending={measure.isPending} onClick={() => measure.mutate({ tenant, k: 10, sample: SAMPLE })}>
          Measure recall
        </Button>
      )}
      {valid && cheapest && widthText(cheapest) !== widthText(width) && (
        <Button
          size="md"
          pending={setSearch.isPending}
          onClick={() => setSearch.mutate({ tenant, efSearch: cheapest.efSearch, probes: cheapest.probes })}
        >
          Use {widthText(cheapest)}
        </Button>
      )}
      {!busy && (rows ?? 0) > 0 && (
        <Button
          size="md"
          variant="primary"
          pending={ask.isPending}
          title={
            estimatedBy === 'own'
              ? 'By the pace of the last builds here'
              : 'By one build elsewhere; the next estimate is by your own'
          }
          onClick={() => build()}
        >
          {indexState === 'none' ? (indexOffAt ? 'Wake now' : 'Build an index') : 'Rebuild'}
          {estimate}
        </Button>
      )}
    </CardFooter>
  )
}
