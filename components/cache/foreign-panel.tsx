'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { MissingCell, MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { toast } from '@/components/feedback/toaster'
import { count, countText } from '@/components/format/count'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import type { Proposal } from '@/server/services/cache/census/census.schema'
import type { Keyspace } from '@/server/services/cache/census/keyspace-report'
import { DeclareFamilyDialog, type Draft, emptyDraft } from './declare-family-dialog'

type Declared = Keyspace['declared'][number]

/** Keys that other software wrote: what was recognised, and what was declared. */
export function ForeignPanel({ state, data }: { state: PanelState; data: Keyspace | undefined }) {
  const isAdmin = useOperator().role === 'admin'
  const [draft, setDraft] = useState<Draft | null>(null)
  const proposals = data?.census?.report.proposals ?? []
  const keysOf = (name: string) =>
    data?.census?.report.families.find((family) => family.of === 'declared' && family.name === name)?.keys ?? null
  const nothing = proposals.length === 0 && data?.declared.length === 0
  // Beside the panel: an empty one shows nothing that is in it.
  return (
    <>
      <Panel
        title="Foreign keys"
        memory="redis"
        badge="by pattern"
        source={{
          stores: ['redis', 'postgres'],
          from: 'key_families; names and shapes of sampled keys',
          asOf: data?.census?.finishedAt ?? data?.asOf,
          precision: 'sampled',
          detail:
            'At most six keys of each prefix are looked into once an hour: the first 512 bytes of a text, the fields of a hash. No value is kept.',
        }}
        note={
          proposals.length > 0 ? `${count(proposals.length)} recognised, not declared yet` : 'written by other software'
        }
        actions={isAdmin && <Button onClick={() => setDraft(emptyDraft)}>Declare a family</Button>}
        state={
          state.status === 'ready' && nothing
            ? {
                status: 'empty',
                title: 'No keys of other software were recognised',
                hint: 'Sessions of connect-redis, Spring, Django and Rails, queues of BullMQ and Celery and others are proposed here when a census sees them; any other pattern can be declared.',
              }
            : state
        }
        minHeight={110}
      >
        {proposals.length > 0 && (
          <ul aria-label="Recognised software" className="border-b border-line">
            {proposals.map((proposal) => (
              <Proposed
                key={`${proposal.software} ${proposal.pattern}`}
                proposal={proposal}
                onDeclare={isAdmin ? () => setDraft(draftOf(proposal)) : undefined}
              />
            ))}
          </ul>
        )}
        {data && data.declared.length > 0 && <DeclaredTable rows={data.declared} keysOf={keysOf} isAdmin={isAdmin} />}
      </Panel>
      {draft && <DeclareFamilyDialog draft={draft} onClose={() => setDraft(null)} />}
    </>
  )
}

const draftOf = ({ name, pattern, kind, decode, userAt, software }: Proposal): Draft => ({
  ...{ name, pattern, kind, decode, userAt, software },
})

function Proposed({ proposal, onDeclare }: { proposal: Proposal; onDeclare?: () => void }) {
  const { software, pattern, kind, keys, lookedAt, matched, evidence, userAt } = proposal
  const where = userAt ? `, its user at ${userAt}` : ''
  return (
    <li className="flex flex-wrap items-center gap-x-2.5 gap-y-1 border-t border-line px-3.5 py-1.5 first:border-t-0">
      <span className="font-medium">{software}</span>
      <MonoCell>{pattern}</MonoCell>
      <Chip>{kind}</Chip>
      <small className="min-w-48 flex-1 text-sm text-muted">
        about {countText(keys)} {keys === 1 ? 'key' : 'keys'} · {evidence} in {count(matched)} of {count(lookedAt)}{' '}
        looked into{where}
      </small>
      {onDeclare && <Button onClick={onDeclare}>Declare</Button>}
    </li>
  )
}

function DeclaredTable({
  rows,
  keysOf,
  isAdmin,
}: {
  rows: Declared[]
  keysOf: (name: string) => number | null
  isAdmin: boolean
}) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSuccess = () => void queryClient.invalidateQueries(trpc.cache.pathFilter())
  const restore = useMutation(trpc.cache.declareFamily.mutationOptions({ onSuccess }))
  const forget = useMutation(
    trpc.cache.forgetFamily.mutationOptions({
      onSuccess: ({ name }) => {
        onSuccess()
        const gone = rows.find((row) => row.name === name)
        toast.done(
          `${name} is no longer declared`,
          gone ? { action: { label: 'Undo', run: () => restore.mutate(familyOf(gone)) } } : {},
        )
      },
      onError: ({ message }) => toast.failed(message),
    }),
  )
  const columns: DataColumn<Declared>[] = [
    {
      key: 'name',
      header: 'Family',
      cell: ({ name, software }) => (
        <span className="flex items-center gap-1.5">
          {name} {software && software !== name && <Chip>{software}</Chip>}
        </span>
      ),
      sortBy: ({ name }) => name,
    },
    { key: 'pattern', header: 'Pattern', cell: ({ pattern }) => <MonoCell>{pattern}</MonoCell> },
    { key: 'kind', header: 'Kind', wideOnly: true, cell: ({ kind }) => <TextCell muted>{kind}</TextCell> },
    {
      key: 'user',
      header: 'User at',
      wideOnly: true,
      cell: ({ userAt }) =>
        userAt ? <MonoCell>{userAt}</MonoCell> : <MissingCell why="nobody said where the user is" />,
    },
    {
      key: 'keys',
      header: 'Keys',
      numeric: true,
      cell: ({ name }) => {
        const keys = keysOf(name)
        return keys === null ? <MissingCell why="the last census saw none" /> : countText(keys)
      },
      sortBy: ({ name }) => keysOf(name),
    },
    ...(isAdmin
      ? [
          {
            key: 'forget',
            header: '',
            numeric: true,
            cell: ({ name }: Declared) => (
              <Button aria-label={`Forget ${name}`} onClick={() => forget.mutate({ name })}>
                Forget
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <DataTable
      label="Declared families"
      columns={columns}
      rows={rows}
      rowKey={({ name }) => name}
      defaultSort={{ key: 'name', descending: false }}
      memory="redis"
      maxHeight={300}
    />
  )
}

const familyOf = ({ name, pattern, kind, decode, userAt, software }: Declared) => ({
  ...{ name, pattern, kind, decode, userAt, software },
})
