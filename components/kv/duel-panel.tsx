'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Age } from '@/components/feedback/age'
import { EmptyState } from '@/components/feedback/empty-state'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { Bar } from '@/components/ui/bar'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { KvReport, ListedDuel } from '@/server/services/kv/kv-report'
import { DuelDialog } from './duel-dialog'
import { DuelSides } from './duel-sides'
import { duelText, storePhrases } from './kv-words'
import { ProductionMarks } from './production-marks'

type Props = { report: Parameters<typeof panelState>[0] & { data: KvReport | undefined } }

/** The same operations against both memories on this machine. */
export function DuelPanel({ report }: Props) {
  const mayChange = useMayChange()
  const [asking, setAsking] = useState(false)
  const { data } = report
  const [duel] = data?.duels ?? []
  const underWay = duel?.state === 'waiting' || duel?.state === 'running'
  const start = mayChange && !underWay && (
    <Button variant="primary" onClick={() => setAsking(true)}>
      Start a duel
    </Button>
  )
  return (
    <Panel
      title="The duel"
      source={
        duel && {
          stores: ['redis', 'postgres'],
          from: 'the worker’s own clock',
          window: 'one duel',
          asOf: duel.endedAt ?? duel.createdAt,
          precision: 'sampled',
          detail:
            'The same reads and writes, one side after the other, through the worker’s own connections; percentiles by nearest rank. What else the machine does meanwhile is in it.',
        }
      }
      actions={start}
      state={panelState(report, 'the duels')}
      minHeight={180}
    >
      {duel ? (
        <DuelState duel={duel} mayStop={mayChange && underWay} />
      ) : (
        <EmptyState
          title="Nobody has let them duel yet."
          hint="A few thousand reads and writes against Redis and against a table, on this machine: it takes seconds, and tells which namespaces need Redis."
        />
      )}
      {data && <ProductionMarks marked={data.production} />}
      {asking && data && <DuelDialog production={data.production} onClose={() => setAsking(false)} />}
    </Panel>
  )
}

function DuelState({ duel, mayStop }: { duel: ListedDuel; mayStop: boolean }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const stop = useMutation(
    trpc.kv.stopDuel.mutationOptions({
      onSettled: () => void queryClient.invalidateQueries(trpc.kv.pathFilter()),
      onError: ({ message }) => toast.failed(message),
    }),
  )
  const { against, operations, clients, valueBytes, readShare, startedBy, createdAt } = duel
  const running = duel.state === 'waiting' || duel.state === 'running'
  return (
    <div className="grid gap-2 px-3.5 pb-3">
      <p className="text-muted">
        Redis against {storePhrases[against]}: {operations.toLocaleString('en')} operations each,{' '}
        {Math.round(readShare * 100)} % reads, values of {valueBytes.toLocaleString('en')} bytes, {clients} clients. By{' '}
        {startedBy}, <Age at={createdAt} />.
      </p>
      {running && (
        <div className="flex items-center gap-3">
          <div className="flex-1">
            <Bar share={duel.done / (2 * operations)} memory="redis" label="Progress of the duel" />
          </div>
          {mayStop && (
            <Button pending={stop.isPending} onClick={() => stop.mutate({ id: duel.id })}>
              Stop
            </Button>
          )}
        </div>
      )}
      <p role="status">{duelText(duel)}</p>
      {duel.sides.length > 0 && <DuelSides sides={duel.sides} />}
    </div>
  )
}
