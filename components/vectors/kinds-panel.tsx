import { useQuery } from '@tanstack/react-query'
import { Panel } from '@/components/feedback/panel'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { KindsOfTenant } from '@/server/services/vectors/kinds/kinds-of-tenant'
import { useVectorChanges } from './use-vector-changes'

/** The kinds of a tenant's items: how selective each is, how often it is searched for, and an index of its own where that pays. */
export function KindsPanel({ tenant, busy }: { tenant: string; busy: boolean }) {
  const report = useQuery(useTRPC().vectors.kinds.queryOptions({ tenant }, { refetchOnMount: 'always' }))
  const { data } = report
  const state = useUsageState(report, `the kinds of ${tenant}`, {
    empty: data?.kinds.length === 0 && { title: 'There are no items yet.' },
  })
  return (
    <Panel
      title="Kinds"
      memory="postgres"
      source={
        data && {
          stores: ['postgres'],
          from: 'memory (tablesample), memory_activity, pg_index',
          window: `searches of the last ${data.hours} h`,
          asOf: data.asOf,
          precision: data.exact ? 'exact' : 'sampled',
          detail:
            'Rows: of all items. Searches: of those that Postgres answered, the ones that filtered on the kind. An index of one kind pays where many searches ask for few of the rows: the whole index finds mostly others.',
        }
      }
      state={state}
      minHeight={72}
    >
      <ul>
        {data?.kinds.slice(0, 8).map((one) => (
          <Kind key={one.kind} tenant={tenant} one={one} asked={data.searches > 0} busy={busy} />
        ))}
      </ul>
    </Panel>
  )
}

type KindProps = { tenant: string; one: KindsOfTenant['kinds'][number]; asked: boolean; busy: boolean }

function Kind({ tenant, one, asked, busy }: KindProps) {
  const { kind, rows, rowShare, searches, searchShare, index, predictedBytes, pays } = one
  const { ask } = useVectorChanges(tenant)
  const mayChange = useMayChange() && !busy
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 border-t border-line px-3.5 py-1.5">
      <span className="min-w-0">
        <span className="mr-2 font-medium">{kind}</span>
        <span className="text-sm text-muted tabular-nums" title={`${count(rows)} rows, ${count(searches)} searches`}>
          {percentText(rowShare)} of rows, {asked ? `${percentText(searchShare)} of searches` : 'no searches'}
        </span>
      </span>
      {index && (
        <span className="flex items-center gap-2 text-sm text-muted">
          {index.valid ? `own index, ${bytesText(index.bytes)}` : 'index being built'}
          {mayChange && (
            <Button
              pending={ask.isPending}
              onClick={() => ask.mutate({ tenant, work: { kind: 'memory.drop-index', forKind: kind } })}
            >
              Drop
            </Button>
          )}
        </span>
      )}
      {pays && mayChange && (
        <Button
          pending={ask.isPending}
          title={`A partial index for kind = '${kind}'`}
          onClick={() => ask.mutate({ tenant, work: { kind: 'memory.build-index', forKind: kind } })}
        >
          Index it, ≈ {bytesText(predictedBytes ?? 0)}
        </Button>
      )}
    </li>
  )
}
