import { Age } from '@/components/feedback/age'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { durationText } from '@/components/format/duration'
import { percentText } from '@/components/format/percent'
import type { VectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'
import type { VectorTenant } from './vector-types'
import { intervalText, reasonText, widthOf, widthText } from './vector-words'

/** What is known of a tenant's memory, line by line. */
export function tenantFacts(tenant: VectorTenant, detail: VectorsOfTenant) {
  const { latest, cheapest, partition, history, width } = detail
  const shown = tenant.indexState === 'valid' ? latest : null
  const best = history
    .filter((past) => widthText(past) === widthText(width))
    .reduce((most, { recall }) => Math.max(most, recall), 0)
  const short = shown?.points.find((point) => widthText(point) === widthText(shown))?.rowsShort ?? 0
  const rows = [
    shown && { name: `Recall@${shown.k} now, ${widthText(shown)}`, value: intervalText(shown) },
    shown && {
      name: `Cheapest ${shown.probes === null ? 'ef' : 'probes'} for ${partition.recallTarget}`,
      value: cheapest ? `${widthOf(cheapest)} · ${durationText(cheapest.msP95)} p95` : 'none of those measured',
    },
    shown && {
      name: 'Asked with',
      value: `${count(shown.sample)} ${askedWith[shown.asked]}`,
      hint: 'Real searches where some are kept (see Recall, 30 days) and there are twenty; else items, which lie closer to others than questions do',
    },
    shown !== null &&
      shown.filtered && {
        name: `Recall@${shown.k} of kind ${shown.filtered.kind}`,
        value: intervalText(shown.filtered),
        hint: 'The same searches with the filter that most searches of 24 hours had, against exact search with it',
      },
    shown && { name: 'Exact search', value: `${durationText(shown.exactMsP95)} p95` },
    shown && short > 0 && { name: 'Rows short', value: `${count(short)} of ${count(shown.sample)} searches` },
    shown && best > shown.high && { name: `Best in 30 days, ${widthText(width)}`, value: best.toFixed(3) },
    shown && reasonText(tenant) && { name: 'Why', value: reasonText(tenant) },
    tenant.indexHitRatio !== null && {
      name: 'Index pages found in memory',
      value: percentText(tenant.indexHitRatio),
      hint: 'Since the look before: blocks hit of the vector index ÷ all that were asked for',
    },
    ...needRows(detail),
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

const askedWith = { items: 'sampled items', searches: 'real searches' } as const

/** What an index of either method takes of the disk, and of memory while it is built. */
function needRows({ needs, maintenanceBytes }: VectorsOfTenant) {
  if (!needs) return []
  const beyond = { hnsw: 'slow', ivfflat: 'refused' } as const
  const row = (name: string, method: 'hnsw' | 'ivfflat') => {
    const { bytes, buildBytes } = needs[method]
    const fits = buildBytes <= maintenanceBytes ? '' : `, ${beyond[method]}`
    return {
      name,
      value: `${bytesText(bytes)} · ${bytesText(buildBytes)} to build${fits}`,
      hint: `By pgvector's own layout. maintenance_work_mem is ${bytesText(maintenanceBytes)}: beyond it HNSW is built on disk, and IVFFlat is refused`,
    }
  }
  return [row('An HNSW index takes', 'hnsw'), row('An IVFFlat index takes', 'ivfflat')]
}
