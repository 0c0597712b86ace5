'use client'

import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { useState } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { useUsageState } from '@/components/usage/use-usage-state'
import { EvaluatePanel } from './evaluate-panel'
import { flagColumns } from './flag-columns'
import { FlagDialog } from './flag-dialog'
import { FlagPanels } from './flag-panels'

const EVERY_MS = 10_000

/** Every flag, and of the one that is looked at: who gets it, who changed what, and what a subject is answered. */
export function FlagsScreen() {
  const mayChange = useMayChange()
  const [chosen, choose] = useQueryState('flag', parseAsString.withOptions({ history: 'push' }))
  const [creating, setCreating] = useState(false)
  const list = useQuery(useTRPC().flags.list.queryOptions(undefined, { refetchInterval: EVERY_MS }))
  const { data } = list
  const create = mayChange && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      New flag
    </Button>
  )
  const state = useUsageState(list, 'the flags', {
    empty: data?.flags.length === 0 && {
      title: 'There are no flags yet.',
      hint: 'A flag turns something on for named users and groups, for a share of all others, and differently for single tenants. Applications ask for it by name.',
      command: teach,
      action: create,
    },
  })
  const shown = data?.flags.find(({ name }) => name === chosen)?.name ?? data?.flags[0]?.name
  return (
    <>
      <Panel
        title="Flags"
        memory="postgres"
        edge
        source={
          data && {
            stores: ['postgres'],
            from: 'flags, flag_overrides',
            asOf: data.asOf,
            precision: 'exact',
            detail: 'Redis holds each definition for 60 s; a change is pushed to every process at once.',
          }
        }
        actions={state.status === 'empty' ? null : create}
        state={state}
        minHeight={160}
      >
        <DataTable
          label="Flags"
          memory="postgres"
          columns={flagColumns}
          rows={data?.flags ?? []}
          rowKey={({ name }) => name}
          onSelect={({ name }) => void choose(name)}
          selectedKey={shown}
          defaultSort={{ key: 'name', descending: false }}
          total={data?.total}
        />
      </Panel>
      {shown && <FlagPanels key={shown} name={shown} onDeleted={() => void choose(null)} />}
      {shown && <EvaluatePanel name={shown} />}
      {creating && <FlagDialog onClose={() => setCreating(false)} onDone={(name) => void choose(name)} />}
    </>
  )
}

const teach = [
  'curl "$ENGRAM_URL/v1/flags/new-checkout?subject=u-17&groups=beta&tenant=acme" \\',
  '  -H "Authorization: Bearer $ENGRAM_KEY"',
].join('\n')
