import { bytesText } from '@/components/format/bytes'
import { durationLong } from '@/components/format/duration'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { RowMenu } from '@/components/usage/prices/row-menu'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { VectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'
import { useVectorChanges } from './use-vector-changes'
import type { VectorTenant } from './vector-types'

const SAMPLE = 50

/** Measure, apply the cheapest ef_search, rebuild; the rest in a menu. */
export function TenantActions({
  tenant: { tenant, indexState, indexBytes, indexOffAt, rows },
  detail,
}: {
  tenant: VectorTenant
  detail: VectorsOfTenant
}) {
  const { measure, setSearch, ask, sleep } = useVectorChanges(tenant)
  const { partition, cheapest, jobs, buildEstimateMs, estimatedBy } = detail
  if (!useMayChange() || partition.dimensions === null) return null
  const busy = jobs.some(({ state }) => state === 'queued' || state === 'running')
  const valid = indexState === 'valid'
  const half = partition.indexType === 'halfvec'
  const build = (more: { indexType?: 'vector' | 'halfvec'; m?: number; efConstruction?: number } = {}) =>
    ask.mutate({ tenant, work: { kind: 'memory.build-index', ...more } })
  const estimate = buildEstimateMs === null ? '' : `, ${durationLong(Math.max(1_000, buildEstimateMs))}`
  const items = [
    { label: 'Vacuum', onSelect: () => ask.mutate({ tenant, work: { kind: 'memory.vacuum' as const } }) },
    {
      label: half ? 'Rebuild at full precision' : 'Rebuild at half precision',
      onSelect: () => build({ indexType: half ? 'vector' : 'halfvec' }),
    },
    ...[16, 32]
      .filter((m) => m !== partition.m)
      .map((m) => ({
        label: `Rebuild with m ${m}, ef_construction ${4 * m}`,
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
      {valid && cheapest && cheapest.efSearch !== partition.efSearch && (
        <Button
          size="md"
          pending={setSearch.isPending}
          onClick={() => setSearch.mutate({ tenant, efSearch: cheapest.efSearch })}
        >
          Use ef {cheapest.efSearch}
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
              : 'By a published build; the next estimate is by your own'
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
