import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { Button } from '@/components/ui/button'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { listBoards } from '@/server/services/leaderboards/list-boards'
import { boardColumns } from './board-columns'
import { boardHref } from './board-words'

type Props = {
  list: Parameters<typeof useUsageState>[0] & { data: Awaited<ReturnType<typeof listBoards>> | undefined }
  /** Null for who may not. */
  onCreate: (() => void) | null
}

export function BoardsPanel({ list, onCreate }: Props) {
  const { data } = list
  const create = onCreate && (
    <Button variant="primary" onClick={onCreate}>
      New board
    </Button>
  )
  const state = useUsageState(list, 'the leaderboards', {
    empty: data?.boards.length === 0 && {
      title: 'Nobody has scored yet.',
      hint: 'The first score of an application makes its board. Make one here when it shall be live: ranked first, in the ledger within a second.',
      command: teach,
      action: create,
    },
  })
  return (
    <Panel
      title="Leaderboards"
      memory="redis"
      badge="Redis + Postgres"
      source={
        data && {
          stores: ['redis', 'postgres'],
          from: 'leaderboards, leaderboard_checks; the state of each ranking',
          asOf: data.asOf,
          precision: 'exact',
          detail:
            'The truth is the ledger in Postgres; every board is compared with it every five minutes while it is scored.',
        }
      }
      actions={state.status === 'empty' ? null : create}
      state={state}
      minHeight={180}
    >
      <DataTable
        label="Leaderboards"
        memory="redis"
        columns={boardColumns}
        rows={data?.boards ?? []}
        rowKey={({ tenant, name }) => `${tenant} ${name}`}
        rowHref={boardHref}
        alreadySorted
        total={data?.total}
      />
    </Panel>
  )
}

const teach = [
  'curl -X POST "$ENGRAM_URL/v1/leaderboards/weekly/scores" \\',
  '  -H "Authorization: Bearer $ENGRAM_KEY" \\',
  '  -H "Content-Type: application/json" \\',
  `  -d '{"id": "game-1", "member": "ann", "delta": 25}'`,
].join('\n')
