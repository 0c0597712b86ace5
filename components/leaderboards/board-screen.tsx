'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Live } from '@/components/feedback/live'
import { PanelBody } from '@/components/feedback/panel'
import { Page } from '@/components/shell/page'
import { useTRPC } from '@/components/shell/trpc'
import { Card } from '@/components/ui/card'
import { Chip } from '@/components/ui/chip'
import { useUsageState } from '@/components/usage/use-usage-state'
import { BoardActions } from './board-actions'
import { useBoardParams } from './board-params'
import { type BoardName, boardTitle, standingOf } from './board-words'
import { ChecksPanel } from './checks-panel'
import { DistributionPanel } from './distribution-panel'
import { EventsPanel } from './events-panel'
import { PlacePanel } from './place-panel'
import { RankingPanel } from './ranking-panel'
import { ReconcileDialog } from './reconcile-dialog'

const EVERY_MS = 2_000

/** One board: who leads it and who moved, a member among its neighbours, how scores lie, and whether its ledger agrees. */
export function BoardScreen({ board }: { board: BoardName }) {
  const { top, member, setParams } = useBoardParams()
  const [reconciling, setReconciling] = useState(false)
  const page = useQuery(
    useTRPC().leaderboards.page.queryOptions(
      { ...board, top, member },
      { refetchInterval: EVERY_MS, placeholderData: keepPreviousData },
    ),
  )
  const { data } = page
  const state = useUsageState(page, 'the leaderboard')
  const standing = data && standingOf(data.board)
  return (
    <Page
      title={boardTitle(board)}
      scoped={false}
      aside={
        data && (
          <>
            <Chip>{data.board.closedAt ? (data.board.settledAt ? 'final' : 'closing') : data.board.mode}</Chip>
            {standing && <Chip tone={standing.tone}>{standing.text}</Chip>}
            <Live state={page.isError ? 'waiting' : 'live'} at={data.asOf} />
          </>
        )
      }
      actions={data && <BoardActions board={data.board} onReconcile={() => setReconciling(true)} />}
    >
      {!data || state.status === 'error' ? (
        <Card>
          <PanelBody state={state} title="the leaderboard" minHeight={320}>
            {null}
          </PanelBody>
        </Card>
      ) : (
        <>
          <div className="grid items-start gap-4 lg:grid-cols-[3fr_2fr]">
            <RankingPanel
              data={data}
              state={state}
              top={top}
              onTop={(more) => void setParams({ top: more })}
              onMember={(chosen) => void setParams({ member: chosen })}
            />
            <div className="grid gap-4">
              <PlacePanel data={data} member={member} onMember={(chosen) => void setParams({ member: chosen })} />
              <DistributionPanel data={data} />
            </div>
          </div>
          <ChecksPanel checks={data.checks} asOf={data.asOf} />
          <EventsPanel data={data} />
        </>
      )}
      {reconciling && <ReconcileDialog board={board} onClose={() => setReconciling(false)} />}
    </Page>
  )
}
