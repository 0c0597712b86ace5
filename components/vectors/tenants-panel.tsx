'use client'

import { Search } from 'lucide-react'
import { useState } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { Chip } from '@/components/ui/chip'
import { Input } from '@/components/ui/input'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { VectorsReport } from '@/server/services/vectors/list-vectors'
import type { ListVectors } from '@/server/services/vectors/vectors.schema'
import { tenantColumns } from './tenant-columns'
import type { VectorTenant } from './vector-types'

type Change = { sort?: ListVectors['sort']; down?: boolean; find?: string | null }
type Props = {
  list: Parameters<typeof useUsageState>[0] & { data: VectorsReport | undefined }
  params: { sort: ListVectors['sort']; down: boolean; find: string }
  setParams: (change: Change) => unknown
  shown: string | null
  onShow: (tenant: string) => void
}

/** Thousands of tenants at once, sorted and searched by Postgres. */
export function TenantsPanel({ list, params, setParams, shown, onShow }: Props) {
  const { data } = list
  const state = useUsageState(list, "the tenants' memories", {
    empty: data?.totals.tenants === 0 && {
      title: 'No tenant has a memory yet.',
      hint: 'Each registered tenant gets its partition within a second. Applications fill it with POST /v1/memory/:tenant/items.',
    },
  })
  const chips = data && (
    <>
      {data.totals.belowTarget > 0 && <Chip tone="bad">{count(data.totals.belowTarget)} below target</Chip>}
      {data.totals.wouldPay > 0 && <Chip tone="warn">{count(data.totals.wouldPay)} would pay</Chip>}
      <Chip>{count(data.totals.tenants)} in all</Chip>
    </>
  )
  return (
    <Panel
      title="Tenants"
      memory="postgres"
      edge
      source={
        data && {
          stores: ['postgres'],
          from: 'pg_class, pg_stat_*, memory_activity → memory_samples',
          window: 'searches and p95: the last 15 minutes',
          asOf: data.totals.oldestSampleAt ?? data.asOf,
          precision: 'sampled',
          detail:
            'Tenants in use are looked at every 10 seconds, others every 10 minutes; this is the oldest look. Rows are live rows as Postgres counts them. Bloat: index bytes ÷ those of a fresh index of as many rows, less 1.',
        }
      }
      actions={<Find value={params.find} onChange={(find) => setParams({ find: find || null })} />}
      state={state}
      minHeight={220}
    >
      <div className="flex flex-wrap gap-1.5 px-3.5 pb-2">{chips}</div>
      <DataTable<VectorTenant>
        label="Tenants"
        memory="postgres"
        columns={tenantColumns(data?.limits, data?.asOf ?? '')}
        rows={data?.tenants ?? []}
        rowKey={({ tenant }) => tenant}
        onSelect={({ tenant }) => onShow(tenant)}
        selectedKey={shown}
        sort={{ key: params.sort, descending: params.down }}
        onSortChange={({ key, descending }) => setParams({ sort: key as ListVectors['sort'], down: descending })}
        alreadySorted
        total={data?.totals.listed}
        empty={`No tenant is named like “${params.find}”`}
      />
    </Panel>
  )
}

function Find({ value, onChange }: { value: string; onChange: (find: string) => void }) {
  const [text, setText] = useState(value)
  return (
    <form
      role="search"
      className="flex items-center gap-1.5"
      onSubmit={(event) => {
        event.preventDefault()
        onChange(text.trim())
      }}
    >
      <Search aria-hidden className="size-3.5 text-faint" />
      <Input
        aria-label="Find a tenant"
        placeholder="Find a tenant"
        className="h-7 w-40"
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          if (target.value === '') onChange('')
        }}
      />
    </form>
  )
}
