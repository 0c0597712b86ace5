'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@/components/ui/link'
import { Live } from '@/components/feedback/live'
import { PanelBody } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { Until } from '@/components/feedback/until'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { textOf } from '@/components/redis-keys/key-words'
import { Page } from '@/components/shell/page'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Chip } from '@/components/ui/chip'
import type { ForeignBoardView } from '@/server/services/leaderboards/foreign/foreign-board-page'
import { useForeignBoard } from './foreign-board-params'
import { ForeignPlacePanel } from './foreign-place-panel'
import { ForeignRankingPanel } from './foreign-ranking-panel'
import { ForeignSpreadPanel } from './foreign-spread-panel'

const EVERY_MS = 2_000

/** One sorted set of other software: who leads it, a member among its neighbours, how scores lie. */
export function ForeignBoardScreen({ boardKey: key }: { boardKey: string }) {
  const { connection, page, lowest, member } = useForeignBoard()
  const query = useQuery(
    useTRPC().leaderboards.foreign.page.queryOptions(
      { connection, key, page, lowest, member },
      { refetchInterval: EVERY_MS, placeholderData: keepPreviousData, retry: false },
    ),
  )
  const { data } = query
  const state = panelState(query, 'the board')
  return (
    <Page
      title={data?.name ?? titleOf(key)}
      scoped={false}
      aside={data && <Facts data={data} failed={query.isError} />}
      actions={
        <Button asChild size="md">
          <Link href={`/cache/keys?connection=${connection}&key=${key}`}>Open the key</Link>
        </Button>
      }
    >
      {!data || state.status === 'error' ? (
        <Card>
          <PanelBody state={state} title="the board" minHeight={320}>
            {null}
          </PanelBody>
        </Card>
      ) : (
        <>
          <p className="text-muted">
            Movement, ties as SQL ranks them and drift need a ledger: other software keeps none here, so they cannot be
            had for this board.
          </p>
          <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[3fr_2fr]">
            <ForeignRankingPanel data={data} state={state} />
            <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
              <ForeignPlacePanel data={data} />
              <ForeignSpreadPanel data={data} />
            </div>
          </div>
        </>
      )}
    </Page>
  )
}

/** An address may say anything. */
function titleOf(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) && key.length % 4 !== 1 ? textOf(key, 200) : 'A board of other software'
}

function Facts({ data, failed }: { data: ForeignBoardView; failed: boolean }) {
  return (
    <>
      <Chip>other software</Chip>
      <span className="text-sm text-muted">
        {data.redis} · {count(data.members)} {data.members === 1 ? 'member' : 'members'}
        {data.bytes !== null && ` · about ${bytesText(data.bytes)}`}
        {data.expiresAt !== null && (
          <>
            {' '}
            · ends <Until at={data.expiresAt} />
          </>
        )}
      </span>
      <Live state={failed ? 'waiting' : 'live'} at={data.asOf} />
    </>
  )
}
