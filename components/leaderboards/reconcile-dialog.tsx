'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { MissingCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { toast } from '@/components/feedback/toaster'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { ReadCheck } from '@/server/services/leaderboards/ask-for-work'
import { type BoardName, boardTitle, differs, driftText } from './board-words'

const POLL_MS = 300

/** Compares anew, shows exactly who differs, and then builds the ranking from the ledger. */
export function ReconcileDialog({ board: { name, tenant }, onClose }: { board: BoardName; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const asked = useMutation(trpc.leaderboards.checkNow.mutationOptions())
  const begun = useRef(false)
  const ask = asked.mutate
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    ask({ name, tenant })
  }, [ask, name, tenant])
  const check = useWork({ name, tenant }, asked.data?.id)
  const reconcile = useMutation(trpc.leaderboards.reconcile.mutationOptions())
  const built = useWork({ name, tenant }, reconcile.data?.id)
  const done = built?.status === 'done'
  useEffect(() => {
    if (!done) return
    void queryClient.invalidateQueries(trpc.leaderboards.pathFilter())
    const left = differs(built)
    if (left === 0) toast.done(`${boardTitle({ name, tenant })} agrees with its ledger`)
    else toast.failed(`${count(left)} members differ again`)
    onClose()
  }, [done, built, queryClient, trpc, name, tenant, onClose])

  const total = check?.status === 'done' ? differs(check) : 0
  const pending = reconcile.isPending || built?.status === 'queued' || built?.status === 'running'
  const failed = [asked.error?.message, check?.error, reconcile.error?.message, built?.error].find(Boolean) ?? null
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Reconcile ${boardTitle({ name, tenant })}`}
      description="The ranking is built anew from the ledger beside the one in use and takes its place in one step. Scores that arrive meanwhile count; if a read fails, nothing is changed."
      confirmLabel={total === 1 ? 'Reconcile 1 member' : `Reconcile ${count(total)} members`}
      ready={check?.status === 'done' && total > 0}
      pending={pending}
      error={failed}
      onConfirm={() => check && reconcile.mutate({ name, tenant, checkId: check.id })}
    >
      <Preview check={check} building={pending ? (built?.progress ?? 0) : null} failed={failed !== null} />
    </ConfirmDialog>
  )
}

/** A comparison or rebuild as it goes on; undefined until it was asked for. */
function useWork(board: BoardName, id: number | undefined): ReadCheck | undefined {
  const trpc = useTRPC()
  return useQuery(
    trpc.leaderboards.check.queryOptions(
      { ...board, checkId: id ?? 0 },
      {
        enabled: id !== undefined,
        refetchInterval: ({ state: { data } }) => (data?.finishedAt ? false : POLL_MS),
      },
    ),
  ).data
}

function Preview({ check, building, failed }: { check?: ReadCheck; building: number | null; failed: boolean }) {
  if (failed) return null
  if (building !== null)
    return <p role="status">Building the ranking anew{building > 0 && `: ${count(building)} members so far`} …</p>
  if (check?.status !== 'done')
    return (
      <p role="status">
        Comparing Redis with the ledger{check && check.progress > 0 && `: ${count(check.progress)} members so far`} …
      </p>
    )
  if (differs(check) === 0) return <p>All {count(check.ledgerMembers)} members agree: there is nothing to reconcile.</p>
  return (
    <>
      <p>{driftText(check)}.</p>
      <DataTable
        label="Members that differ"
        columns={columns}
        rows={check.differences}
        rowKey={({ member }) => member}
        total={differs(check)}
        maxHeight={260}
        alreadySorted
      />
    </>
  )
}

type Difference = ReadCheck['differences'][number]
const columns: DataColumn<Difference>[] = [
  { key: 'member', header: 'Member', cell: ({ member }) => <TextCell>{member}</TextCell> },
  {
    key: 'redis',
    header: 'In Redis now',
    numeric: true,
    cell: ({ redis }) => redis ?? <MissingCell why="not in Redis" />,
  },
  {
    key: 'ledger',
    header: 'By the ledger',
    numeric: true,
    cell: ({ ledger }) => ledger ?? <span className="text-muted">goes</span>,
  },
]
