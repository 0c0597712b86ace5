import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { Button } from '@/components/ui/button'
import type { SessionList } from '@/server/services/sessions/list-sessions'
import type { ListedSessionNamespace } from '@/server/services/sessions/sessions-report'
import { type SessionActions, sessionColumns } from './session-columns'
import { SessionFilters } from './session-filters'
import { sessionsText } from './session-words'
import { useSessions } from './sessions-params'

type Query = UseInfiniteQueryResult<{ pages: SessionList[] }, { message: string }>

export function SessionsPanel({
  list,
  actions,
  namespaces,
  onLogOutAll,
}: {
  list: Query
  actions: SessionActions | null
  namespaces: ListedSessionNamespace[]
  onLogOutAll: () => void
}) {
  const { params, setParams, scope, filtered } = useSessions()
  const pages = list.data?.pages ?? []
  const [first, last] = [pages[0], pages.at(-1)]
  const sessions = pages.flatMap((page) => page.sessions)
  const nothing = first?.live === 0 && {
    title: 'Nobody is signed in anywhere.',
    hint: 'A session appears here when an application starts one: PUT /v1/sessions/:id. It ends by itself when nobody touches it for its time to live.',
  }
  return (
    <Panel
      title="Live sessions"
      memory="redis"
      badge={namespaces.length > 0 ? 'Redis and Postgres' : undefined}
      edge
      note={first && `${sessionsText(first.live)} live`}
      source={
        first && {
          stores: ['redis', 'postgres'],
          from: `ZRANGE engram:sessions:live + the sessions; ${namespaces.length > 0 ? 'sessions_unlogged, ' : ''}llm_usage`,
          asOf: first.asOf,
          precision: 'exact',
          detail:
            'Read in steps of 500 with their fields, never their data. Tokens, cost and prompt version are those of the calls whose conversation is the session, since it began.',
        }
      }
      actions={
        actions && (
          <Button variant={filtered ? 'danger' : 'outline'} disabled={first?.live === 0} onClick={onLogOutAll}>
            {filtered ? 'Log out all that match' : 'Log out everyone'}
          </Button>
        )
      }
      state={panelState(list, 'the sessions', { empty: nothing })}
      minHeight={320}
    >
      <div className="border-b border-line px-3.5 pt-1 pb-2.5">
        <SessionFilters namespaces={namespaces} />
      </div>
      <DataTable
        label="Live sessions"
        memory="redis"
        columns={sessionColumns({
          withTenant: scope.tenant === null,
          withStore: namespaces.length > 0,
          usageMissing: first?.usageMissing ?? null,
          actions,
        })}
        rows={sessions}
        rowKey={({ id }) => id}
        onSelect={({ id }) => void setParams({ session: id })}
        selectedKey={params.session}
        sort={{ key: 'expires', descending: !params.soonest }}
        onSortChange={() => void setParams({ soonest: !params.soonest })}
        alreadySorted
        empty={last?.next ? 'None so far.' : 'No live session passes these filters.'}
        note={last && first && coverage(last, first.live, filtered)}
      />
      {last?.next && (
        <div className="flex justify-center border-t border-line p-2">
          <Button pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {sessions.length === 0 ? 'Look further' : 'Show more'}
          </Button>
        </div>
      )}
    </Panel>
  )
}

/** How much of it all was looked at (R12). */
function coverage({ examined, next }: SessionList, live: number, filtered: boolean): string {
  if (!next) return filtered ? `all ${count(live)} looked at` : ''
  return `${count(Math.min(examined, live))} of ${count(live)} looked at, ${percentText(live === 0 ? 1 : Math.min(1, examined / live))}`
}
