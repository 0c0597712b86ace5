import { Link } from '@/components/ui/link'
import { useCallback } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { WalkCoverage } from '@/components/redis-keys/walk-coverage'
import { Button } from '@/components/ui/button'
import { TextFilter } from '@/components/ui/text-filter'
import type { ListedConnection } from '@/server/services/redis-keys/connections'
import type { ListedFamily } from '@/server/services/sessions/foreign/list-foreign'
import { type ForeignActions, foreignColumns } from './foreign-columns'
import { useSessions } from './sessions-params'
import type { useForeignList } from './use-foreign-list'

type Props = {
  list: ReturnType<typeof useForeignList>
  declared: ListedFamily | undefined
  redis: ListedConnection | undefined
  /** Null where nothing may be changed. */
  actions: ForeignActions | null
  onLogOutAll: () => void
}

export function ForeignPanel({ list, declared, redis, actions, onLogOutAll }: Props) {
  const { params, setParams } = useSessions()
  const setUser = useCallback((user: string | null) => void setParams({ user }, { history: 'replace' }), [setParams])
  const { query, sessions, others, walk } = list
  return (
    <Panel
      title="Sessions of other software"
      memory="redis"
      edge
      note={declared && `${declared.pattern}${declared.software ? ` · ${declared.software}` : ''} · of every tenant`}
      source={
        walk.asOf
          ? {
              stores: ['redis'],
              from: 'SCAN COUNT 200; TYPE, PEXPIRETIME, MEMORY USAGE SAMPLES 5, GETRANGE or HGET',
              asOf: walk.asOf,
              precision: walk.complete ? 'exact' : 'sampled',
              detail:
                'Read in steps of a quarter of a second, in no order; values up to 64 kB are looked into for the user, and none is kept. Looking keeps no session alive. Sizes are estimates of Redis. Turns, tokens and cost are not known: these sessions are not reported to Engram.',
            }
          : undefined
      }
      actions={
        <>
          {actions && (
            <Button variant={params.user ? 'danger' : 'outline'} onClick={onLogOutAll}>
              {params.user ? 'Log out all of this user' : 'Log out everyone'}
            </Button>
          )}
          <Button pending={query.isRefetching} onClick={() => void query.refetch()}>
            Look again
          </Button>
        </>
      }
      state={panelState(query, 'the sessions')}
      minHeight={320}
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 pt-1 pb-2.5">
        {declared?.userAt ? (
          <div role="search" aria-label="Sessions">
            <TextFilter label="User" placeholder="User, exactly" value={params.user} onChange={setUser} />
          </div>
        ) : (
          <p className="text-sm text-muted">
            Nobody said where the user of these sessions is: they have no names here.
          </p>
        )}
        {redis && !redis.writable && (
          <p className="text-sm text-muted">
            {redis.name} is read-only here until an admin{' '}
            <Link href="/cache/keys" className="underline">
              allows changes
            </Link>
            .
          </p>
        )}
      </div>
      <DataTable
        label="Sessions of other software"
        memory="redis"
        columns={foreignColumns(actions)}
        rows={sessions}
        rowKey={({ key }) => key}
        onSelect={({ key }) => void setParams({ session: key })}
        selectedKey={params.session}
        defaultSort={{ key: 'expires', descending: true }}
        maxHeight={640}
        empty={walk.complete ? (params.user ? 'No session of this user.' : 'No key of this family.') : 'None so far.'}
        note={others > 0 && `${count(others)} keys of the pattern are of another type: no sessions`}
      />
      {query.data && <WalkCoverage walk={walk} found={sessions.length} />}
    </Panel>
  )
}
