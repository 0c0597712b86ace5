import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@/components/ui/link'
import { DataTable } from '@/components/data-table/data-table'
import { Panel, PanelBody } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { stepByStep, useWalk } from '@/components/redis-keys/use-walk'
import { WalkCoverage } from '@/components/redis-keys/walk-coverage'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/select'
import type { BoardFamily, ListedForeignBoard } from '@/server/services/leaderboards/foreign/list-foreign-boards'
import { foreignBoardHref, useForeignBoards } from './foreign-board-params'
import { foreignBoardColumns } from './foreign-columns'

/** The browser keeps so many boards. */
const MOST_KEPT = 1_000

const foundIn = ({ boards }: { boards: ListedForeignBoard[] }) => boards

/** Sorted sets of other software, of families that were declared as leaderboards. */
export function ForeignBoardsPanel() {
  const { params } = useForeignBoards()
  const families = useQuery(useTRPC().leaderboards.foreign.families.queryOptions())
  const [first] = families.data ?? []
  const family = params.family ?? first?.name
  if (family !== undefined)
    return <Boards key={`${params.connection} ${family}`} family={family} families={families.data ?? []} />
  return (
    <p className="text-sm text-muted">
      {families.error ? (
        `Whether other software keeps leaderboards is not known: ${families.error.message}`
      ) : (
        <>
          Sorted sets of other software appear here once{' '}
          <Link href="/cache" className="underline">
            their family is declared
          </Link>{' '}
          as a leaderboard.
        </>
      )}
    </p>
  )
}

function Boards({ family, families }: { family: string; families: BoardFamily[] }) {
  const { connection } = useForeignBoards().params
  const input = { connection, family }
  const query = useInfiniteQuery(useTRPC().leaderboards.foreign.list.infiniteQueryOptions(input, stepByStep))
  const { found: boards, ...walk } = useWalk(query, { identity: JSON.stringify(input), foundIn, most: MOST_KEPT })
  const declared = families.find(({ name }) => name === family)
  return (
    <Panel
      title="Boards of other software"
      memory="redis"
      note={declared && `${declared.pattern}${declared.software ? ` · ${declared.software}` : ''}`}
      source={
        walk.asOf
          ? {
              stores: ['redis'],
              from: 'SCAN COUNT 200 TYPE zset; ZCARD, ZREVRANGE 0 0, MEMORY USAGE SAMPLES 5',
              asOf: walk.asOf,
              precision: walk.complete ? 'exact' : 'sampled',
              detail: 'Read in steps of a quarter of a second. There is no ledger to compare them with.',
            }
          : undefined
      }
      actions={
        <Button pending={query.isRefetching} onClick={() => void query.refetch()}>
          Look again
        </Button>
      }
      state={{ status: 'ready' }}
    >
      <Choice family={family} families={families} />
      <PanelBody state={panelState(query, 'the boards')} title="the boards" minHeight={120}>
        <DataTable
          label="Boards of other software"
          memory="redis"
          columns={foreignBoardColumns}
          rows={boards}
          rowKey={({ key }) => key}
          rowHref={({ key }) => foreignBoardHref(key, connection)}
          defaultSort={{ key: 'members', descending: true }}
          maxHeight={480}
          empty={walk.complete ? 'No sorted set of this family.' : 'None so far.'}
        />
      </PanelBody>
      {query.data && <WalkCoverage walk={walk} found={boards.length} />}
    </Panel>
  )
}

function Choice({ family, families }: { family: string; families: BoardFamily[] }) {
  const { params, setParams } = useForeignBoards()
  const connections = useQuery(useTRPC().redisKeys.connections.queryOptions())
  const including = (options: { value: string; label: string }[], value: string, label: string) =>
    options.some((one) => one.value === value) ? options : [...options, { value, label }]
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 pt-1 pb-2.5">
      <Select
        label="Family"
        value={family}
        onValueChange={(value) => void setParams({ family: value })}
        options={including(
          families.map(({ name }) => ({ value: name, label: name })),
          family,
          `${family}: not declared`,
        )}
      />
      <Select
        label="Redis"
        value={params.connection}
        onValueChange={(value) => void setParams({ connection: value })}
        options={including(
          (connections.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          params.connection,
          'no such connection',
        )}
      />
    </div>
  )
}
