import { BarCell, MissingCell, MonoCell, PercentCell, TimeCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { compactRate, count } from '@/components/format/count'
import { durationLong, durationText } from '@/components/format/duration'
import { figureText, shortDecimal } from '@/components/format/figure'
import type { CommandsReport } from '@/server/services/cache/commands-report'

type Command = CommandsReport['commands'][number]
type Slow = CommandsReport['slow']['rows'][number]
type Props = { state: PanelState; data: CommandsReport | undefined; window: string }

/** What Redis is busy with, by command: rates of the range, not sums since its start. */
export function CommandsPanel({ state, data, window }: Props) {
  return (
    <Panel
      title="Commands"
      memory="redis"
      badge="Δ commandstats"
      source={{
        stores: ['redis'],
        from: 'INFO commandstats, Δ 5 s → redis_command_minutes',
        window,
        asOf: data?.asOf,
        precision: 'exact',
        detail:
          'Σ Δ calls ÷ seconds that were watched; Δ usec ÷ Δ calls. Restarts and CONFIG RESETSTAT begin anew. Engram’s own commands included.',
      }}
      note={data && `rates over ${durationLong(data.seconds * 1000)} that were watched`}
      state={state}
      minHeight={200}
    >
      <DataTable
        label="Commands by time"
        columns={commandColumns}
        rows={data?.commands ?? []}
        rowKey={({ command }) => command}
        defaultSort={{ key: 'share', descending: true }}
        memory="redis"
        total={data?.commandsInAll}
        maxHeight={300}
        empty="Rates begin with the second minute that is watched"
      />
    </Panel>
  )
}

const commandColumns: DataColumn<Command>[] = [
  {
    key: 'command',
    header: 'Command',
    cell: ({ command }) => <MonoCell>{command.replace('|', ' ')}</MonoCell>,
    sortBy: ({ command }) => command,
  },
  {
    key: 'rate',
    header: 'Calls',
    numeric: true,
    cell: ({ perSecond }) =>
      perSecond === null ? <MissingCell why="not watched" /> : figureText(compactRate(perSecond, 's')),
    sortBy: ({ perSecond }) => perSecond,
  },
  {
    key: 'each',
    header: 'Each',
    numeric: true,
    cell: ({ usecPerCall }) =>
      usecPerCall === null ? <MissingCell why="every call was refused" /> : `${shortDecimal(usecPerCall)} µs`,
    sortBy: ({ usecPerCall }) => usecPerCall,
  },
  {
    key: 'share',
    header: 'Of the time',
    numeric: true,
    cell: ({ share }) => <PercentCell ratio={share} />,
    sortBy: ({ share }) => share,
  },
  {
    key: 'bar',
    header: '',
    width: '16%',
    wideOnly: true,
    cell: ({ share }) => <BarCell share={share} memory="redis" />,
  },
  {
    key: 'failed',
    header: 'Failed',
    numeric: true,
    wideOnly: true,
    hint: 'refused, or ended in an error',
    cell: ({ failed }) => <span className={failed > 0 ? 'text-bad' : 'text-muted'}>{count(failed)}</span>,
    sortBy: ({ failed }) => failed,
  },
]

/** The slow log as history: Redis' own forgets all but the newest 128. */
export function SlowLogPanel({ state, data, window, timezone }: Props & { timezone: string }) {
  return (
    <Panel
      title="Slow log"
      memory="redis"
      badge="kept"
      source={{
        stores: ['redis', 'postgres'],
        from: 'SLOWLOG GET every 5 s → redis_slow_commands',
        window,
        asOf: data?.asOf,
        precision: 'exact',
        detail: 'What took longer than slowlog-log-slower-than; the first two arguments, cut. Kept for 14 days.',
      }}
      note={
        data &&
        data.slow.slowestUsec !== null &&
        `${count(data.slow.total)}, the slowest ${durationText(data.slow.slowestUsec / 1000)}`
      }
      state={state}
      minHeight={200}
    >
      <DataTable
        label="Slow commands"
        columns={slowColumns(timezone, data?.asOf ?? '')}
        rows={data?.slow.rows ?? []}
        rowKey={({ runId, id, at }) => `${runId} ${id} ${at}`}
        defaultSort={{ key: 'at', descending: true }}
        memory="redis"
        total={data?.slow.total}
        maxHeight={300}
        empty={`Nothing was slow in the ${window}`}
      />
    </Panel>
  )
}

const slowColumns = (timezone: string, now: string): DataColumn<Slow>[] => [
  {
    key: 'at',
    header: 'Began',
    cell: ({ at }) => <TimeCell at={at} timezone={timezone} now={now} />,
    sortBy: ({ at }) => at,
  },
  {
    key: 'command',
    header: 'Command',
    cell: ({ command, args }) => (
      <MonoCell>
        {command} <span className="text-muted">{args}</span>
      </MonoCell>
    ),
    sortBy: ({ command }) => command,
  },
  {
    key: 'took',
    header: 'Took',
    numeric: true,
    cell: ({ usec }) => <span title={`${count(usec)} µs`}>{durationText(usec / 1000)}</span>,
    sortBy: ({ usec }) => usec,
  },
  {
    key: 'client',
    header: 'Client',
    wideOnly: true,
    cell: ({ client }) => <MonoCell>{client}</MonoCell>,
    sortBy: ({ client }) => client,
  },
]
