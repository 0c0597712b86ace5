'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Age } from '@/components/feedback/age'
import { Verdicts } from '@/components/feedback/verdicts'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { type BoardName, boardTitle, verdictsOf } from './board-words'
import { BoardsPanel } from './boards-panel'
import { ForeignBoardsPanel } from './foreign-boards-panel'
import { NewBoardDialog } from './new-board-dialog'
import { ReconcileDialog } from './reconcile-dialog'
import { UsageBoardsPanel } from './usage-boards-panel'

const EVERY_MS = 5_000

/** Whether the rankings agree with their ledgers, every board, those of other software, and the rankings that usage gives for free. */
export function BoardsScreen() {
  const { scope } = useScope()
  const mayChange = useMayChange()
  const [creating, setCreating] = useState(false)
  const [reconciling, setReconciling] = useState<BoardName | null>(null)
  const list = useQuery(
    useTRPC().leaderboards.list.queryOptions({ tenant: scope.tenant }, { refetchInterval: EVERY_MS }),
  )
  const verdicts = list.data ? verdictsOf(list.data.boards, list.data.redis) : []
  return (
    <>
      {verdicts.length > 0 && (
        <Verdicts
          items={verdicts.map(({ board, ...item }) => ({
            ...item,
            note: board?.check?.finishedAt && (
              <>
                compared <Age at={board.check.finishedAt} />
              </>
            ),
            actions: board && mayChange && item.severity === 'bad' && (
              <Button aria-label={`Reconcile ${boardTitle(board)}`} onClick={() => setReconciling(board)}>
                Reconcile…
              </Button>
            ),
          }))}
        />
      )}
      <BoardsPanel list={list} onCreate={mayChange ? () => setCreating(true) : null} />
      <ForeignBoardsPanel />
      <UsageBoardsPanel />
      {creating && <NewBoardDialog onClose={() => setCreating(false)} />}
      {reconciling && <ReconcileDialog board={reconciling} onClose={() => setReconciling(null)} />}
    </>
  )
}
