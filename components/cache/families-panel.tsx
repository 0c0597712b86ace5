import {
  BarCell,
  BytesCell,
  CountCell,
  DurationCell,
  MissingCell,
  MonoCell,
  PercentCell,
} from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { compactRate } from '@/components/format/count'
import { figureText } from '@/components/format/figure'
import { Chip } from '@/components/ui/chip'
import type { CacheReport } from '@/server/services/cache/cache-report'
import type { CountedFamily } from '@/server/services/cache/census/census.schema'
import { rate } from './answer-columns'
import { type Census, censusSource, coverageText } from './census-source'

/** What fills Redis: every family by memory and keys, with how long it lives and how little of it is used. */
export function FamiliesPanel({
  state,
  census,
  report,
  asOf,
}: {
  state: PanelState
  census: Census | null
  report: CacheReport | undefined
  asOf: string
}) {
  const families = census?.report.families ?? []
  return (
    <Panel
      title="Families"
      memory="redis"
      badge={census ? badgeOf(families) : undefined}
      source={census ? censusSource(census, 'Memory, times to live and idleness by family:') : undefined}
      note={census && `hit rates exact from our calls · memory ${coverageText(census, asOf)}`}
      state={state}
      minHeight={180}
    >
      <DataTable
        label="Families of keys"
        columns={columnsOf(census?.report.bytes ?? 0, report)}
        rows={families}
        rowKey={({ of, name }) => `${of} ${name}`}
        defaultSort={{ key: 'bytes', descending: true }}
        memory="redis"
        maxHeight={420}
      />
    </Panel>
  )
}

const badgeOf = (families: CountedFamily[]) => {
  const known = families.filter(({ of }) => of === 'known').length
  return `${known} of ours, ${families.length - known} foreign`
}

const unmeasured = 'none of them was in the sample'
const share = (part: number | null, keys: number) => (part === null || keys === 0 ? null : Math.min(1, part / keys))

function columnsOf(all: number, report: CacheReport | undefined): DataColumn<CountedFamily>[] {
  const seconds = report ? (report.axis.to - report.axis.from) / 1000 : 0
  const own = ({ of, name }: CountedFamily) =>
    (of === 'known' && report?.lookups.families.find(({ family }) => family === name)) || null
  return [
    {
      key: 'name',
      header: 'Family',
      cell: (row) => (
        <span className="flex items-center gap-1.5">
          <MonoCell>{row.of === 'other' && row.pattern !== '*' ? row.pattern : row.name}</MonoCell>
          {row.of === 'declared' && <Chip>{row.software ?? row.kind}</Chip>}
          {row.of === 'other' && <span className="text-sm text-faint">other</span>}
        </span>
      ),
      sortBy: ({ name }) => name,
    },
    {
      key: 'hitRate',
      header: 'Hit rate',
      numeric: true,
      hint: 'of the range above, where the gateways count look-ups',
      cell: (row) => {
        const counted = own(row)
        return counted ? (
          <PercentCell ratio={rate(counted.hits, counted.misses)} missing="no look-ups" />
        ) : (
          <span className="text-faint">not counted</span>
        )
      },
    },
    {
      key: 'lookups',
      header: 'Look-ups/s',
      numeric: true,
      wideOnly: true,
      cell: (row) => {
        const counted = own(row)
        if (!counted || seconds === 0) return <MissingCell why="not counted by family" />
        return figureText(compactRate((counted.hits + counted.misses) / seconds, 's'))
      },
    },
    {
      key: 'keys',
      header: 'Keys',
      numeric: true,
      cell: ({ keys }) => <CountCell value={keys} compact />,
      sortBy: ({ keys }) => keys,
    },
    {
      key: 'bytes',
      header: 'Memory',
      numeric: true,
      cell: ({ bytes }) => (bytes === null ? <MissingCell why={unmeasured} /> : <BytesCell value={bytes} />),
      sortBy: ({ bytes }) => bytes,
    },
    {
      key: 'bar',
      header: '',
      width: '13%',
      wideOnly: true,
      cell: ({ bytes }) => <BarCell share={all > 0 ? (bytes ?? 0) / all : 0} memory="redis" />,
    },
    {
      key: 'ttl',
      header: 'TTL median',
      numeric: true,
      cell: ({ ttlMedianMs, measured }) =>
        measured === 0 ? (
          <MissingCell why={unmeasured} />
        ) : (
          <DurationCell ms={ttlMedianMs} missing="none of them expires" />
        ),
      sortBy: ({ ttlMedianMs }) => ttlMedianMs,
    },
    {
      key: 'lasting',
      header: 'Never expire',
      numeric: true,
      wideOnly: true,
      cell: ({ withoutTtl, keys }) => <PercentCell ratio={share(withoutTtl, keys)} missing={unmeasured} />,
      sortBy: ({ withoutTtl, keys }) => share(withoutTtl, keys),
    },
    {
      key: 'idle',
      header: 'Idle 1 h',
      numeric: true,
      wideOnly: true,
      hint: 'keys that nobody read or wrote for an hour; under an LFU policy those whose counter is at 0',
      cell: ({ idleHour, keys }) => <PercentCell ratio={share(idleHour, keys)} missing={unmeasured} />,
      sortBy: ({ idleHour, keys }) => share(idleHour, keys),
    },
    {
      key: 'neverHit',
      header: 'Never hit',
      numeric: true,
      wideOnly: true,
      hint: 'of the keys that came while the worker watched, ten minutes ago or more, those never used since',
      cell: ({ neverHit, watched }) => (
        <PercentCell ratio={watched > 0 ? neverHit / watched : null} missing="no key was watched for ten minutes yet" />
      ),
      sortBy: ({ neverHit, watched }) => (watched > 0 ? neverHit / watched : null),
    },
    {
      key: 'truth',
      header: 'Truth',
      numeric: true,
      wideOnly: true,
      cell: ({ truth }) => <span className="text-muted">{truth ?? 'foreign'}</span>,
      sortBy: ({ truth }) => truth,
    },
  ]
}
