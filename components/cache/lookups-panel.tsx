'use client'

import { X } from 'lucide-react'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { lookupsSource } from '@/components/overview/sources'
import { useScope, withScope } from '@/components/shell/search-params'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import type { CacheReport } from '@/server/services/cache/cache-report'
import { lookupColumns } from './answer-columns'
import { familyLabels, gapText } from './lookup-words'

type Lookups = CacheReport['lookups']
type FamilyRow = Lookups['families'][number]
type Props = { state: PanelState; data: CacheReport | undefined; window: string; before: string }

/** Whose look-ups hit: each family that is counted; of one family, each namespace and tenant. */
export function LookupsPanel({ state, data, window, before }: Props) {
  const { params } = useScope()
  const { families = [], of = null, parts = [], partsInAll = 0, gap = null } = data?.lookups ?? {}
  const shown = of ? parts : families
  const all = shown.reduce((sum, { hits, misses }) => sum + hits + misses, 0)
  return (
    <Panel
      title={of ? `Look-ups: ${familyLabels[of]}` : 'Look-ups by family'}
      memory="redis"
      badge={of ? 'by namespace and tenant' : undefined}
      source={lookupsSource({ window, asOf: data?.asOf }, `each family, ${data?.tenant ?? 'all tenants'}`)}
      note="exact counts from our calls"
      actions={
        of && (
          <Button asChild>
            <Link href={withScope('/cache', params)}>
              <X aria-hidden /> All families
            </Link>
          </Button>
        )
      }
      state={state}
      minHeight={150}
    >
      <DataTable
        label={of ? `Namespaces and tenants of ${familyLabels[of]}` : 'Look-ups by family'}
        columns={[...(of ? partColumns : familyColumns), ...lookupColumns<FamilyRow>(all, before)]}
        rows={shown}
        rowKey={({ family, namespace, tenant }) => JSON.stringify([family, namespace, tenant])}
        rowHref={({ family }) => (of ? undefined : withScope(`/cache?family=${family}`, params))}
        defaultSort={{ key: 'lookups', descending: true }}
        memory="redis"
        total={of ? partsInAll : undefined}
        maxHeight={420}
      />
      {!of && <p className="border-t border-line px-3.5 py-1.5 text-sm text-muted">{gapText(gap)}</p>}
    </Panel>
  )
}

const familyColumns: DataColumn<FamilyRow>[] = [
  {
    key: 'family',
    header: 'Family',
    cell: ({ family }) => familyLabels[family],
    sortBy: ({ family }) => familyLabels[family],
  },
]

const nameOf = ({ namespace, tenant }: FamilyRow) => `${namespace || '–'} / ${tenant || '–'}`

const partColumns: DataColumn<FamilyRow>[] = [
  {
    key: 'name',
    header: 'Namespace / tenant',
    hint: '– where there is none; a session that was not found may be nobody’s',
    cell: nameOf,
    sortBy: nameOf,
  },
]
