'use client'

import { useState } from 'react'
import { BytesCell, DurationCell, MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { Segmented } from '@/components/ui/segmented'
import type { NamedKey } from '@/server/services/cache/census/census.schema'
import { type Census, censusSource, coverageText } from './census-source'

const views = [
  { value: 'big', label: 'Largest' },
  { value: 'idle', label: 'Idle' },
] as const

export const keyHref = (id: string) => `/cache/keys?key=${id}`

/** Single keys worth a look: the largest, and those that take room and are not used. */
export function LargeKeysPanel({ state, census, asOf }: { state: PanelState; census: Census | null; asOf: string }) {
  const [view, setView] = useState<'big' | 'idle'>('big')
  return (
    <Panel
      title="Keys"
      memory="redis"
      badge={view === 'big' ? 'largest' : 'idle for an hour or more'}
      source={
        census
          ? censusSource(census, 'Of the keys that were measured, the largest; idle ones by memory × time.')
          : undefined
      }
      note={census && coverageText(census, asOf)}
      actions={<Segmented label="Which keys" value={view} onValueChange={setView} options={[...views]} />}
      state={state}
      minHeight={220}
    >
      <DataTable
        label="Single keys"
        columns={columns}
        rows={census?.report[view] ?? []}
        rowKey={({ id }) => id}
        rowHref={({ id }) => keyHref(id)}
        alreadySorted
        memory="redis"
        maxHeight={246}
        empty={
          view === 'idle' && census?.report.policy.includes('lfu')
            ? 'Under an LFU policy Redis keeps no time of last use'
            : 'No key was idle for an hour'
        }
      />
    </Panel>
  )
}

const columns: DataColumn<NamedKey>[] = [
  { key: 'key', header: 'Key', cell: ({ text }) => <MonoCell>{text}</MonoCell> },
  { key: 'type', header: 'Type', wideOnly: true, cell: ({ type }) => <TextCell muted>{type}</TextCell> },
  { key: 'bytes', header: 'Memory', numeric: true, cell: ({ bytes }) => <BytesCell value={bytes} /> },
  {
    key: 'ttl',
    header: 'Expires in',
    numeric: true,
    cell: ({ ttlMs }) => <DurationCell ms={ttlMs} missing="never" />,
  },
  {
    key: 'idle',
    header: 'Idle',
    numeric: true,
    cell: ({ idleSeconds }) => (
      <DurationCell ms={idleSeconds === null ? null : idleSeconds * 1000} missing="not kept under an LFU policy" />
    ),
  },
]
