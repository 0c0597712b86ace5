import { BytesCell, CountCell, DurationCell, MissingCell, PercentCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { shortDecimal, trimZeros } from '@/components/format/figure'
import { percentText } from '@/components/format/percent'
import { Bar } from '@/components/ui/bar'
import { Chip } from '@/components/ui/chip'
import { cn } from '@/components/ui/cn'
import type { VectorsReport } from '@/server/services/vectors/list-vectors'
import { signed } from './signed'
import { coldText, deadShare, indexText, recallText, widthText } from './vector-words'
import type { VectorTenant } from './vector-types'

type Limits = VectorsReport['limits'] | undefined
const NOT_SEEN = 'the worker has not looked at this partition yet'

/** `asOf` decides what is cold: pass the answer's own, so that server and browser agree. */
export function tenantColumns(limits: Limits, asOf: string): DataColumn<VectorTenant>[] {
  const bytes = (of: (row: VectorTenant) => number | null, why: string) => (row: VectorTenant) => {
    const value = of(row)
    return value === null ? <MissingCell why={row.sampledAt ? why : NOT_SEEN} /> : <BytesCell value={value} />
  }
  const sorted = () => null // Postgres sorts
  return [
    { key: 'tenant', header: 'Tenant', cell: (row) => <Name row={row} asOf={asOf} />, sortBy: sorted },
    {
      key: 'rows',
      header: 'Rows',
      numeric: true,
      cell: ({ rows }) => (rows === null ? <MissingCell why={NOT_SEEN} /> : <CountCell value={rows} />),
      sortBy: sorted,
    },
    {
      key: 'table',
      header: 'Table',
      hint: 'The partition with its TOAST: long contents and large vectors',
      numeric: true,
      cell: bytes(
        ({ tableBytes, toastBytes }) => (tableBytes === null ? null : tableBytes + (toastBytes ?? 0)),
        NOT_SEEN,
      ),
      sortBy: sorted,
    },
    {
      key: 'index',
      header: 'Index',
      hint: 'The vector index; a fresh one has the predicted size',
      numeric: true,
      cell: bytes(({ indexBytes }) => indexBytes, 'there is no vector index'),
      sortBy: sorted,
    },
    {
      key: 'bloat',
      header: 'Bloat',
      hint: 'Index bytes beyond those of a fresh index of as many rows',
      numeric: true,
      cell: ({ bloat }) =>
        bloat === null ? (
          <MissingCell why="there is no index to compare" />
        ) : (
          <span className={cn(bloat > (limits?.bloat ?? 1) && 'text-bad')}>{signed(bloat)}</span>
        ),
      sortBy: sorted,
    },
    {
      key: 'dead',
      header: 'Dead',
      hint: 'Dead rows of all rows: replaced or deleted, not yet vacuumed',
      numeric: true,
      cell: (row) => {
        const share = deadShare(row)
        return <PercentCell ratio={share} bad={(share ?? 0) > (limits?.deadShare ?? 1)} missing={NOT_SEEN} />
      },
      sortBy: sorted,
    },
    {
      key: 'recall',
      header: 'Recall@10',
      hint: 'Share of the exact answer that searches find at the ef_search or probes in force, as measured last',
      numeric: true,
      cell: (row) => <RecallCell row={row} />,
      sortBy: sorted,
    },
    {
      key: 'p95',
      header: 'p95',
      hint: 'Of the searches that Postgres answered in the last 15 minutes, measured by the gateways',
      numeric: true,
      cell: ({ searchMsP95 }) => <DurationCell ms={searchMsP95} missing="Postgres answered no search in 15 minutes" />,
      sortBy: sorted,
    },
    {
      key: 'searches',
      header: 'Per min',
      hint: 'Searches per minute over the last 15 minutes, those answered by Redis included',
      numeric: true,
      cell: ({ searchesPerMinute }) =>
        searchesPerMinute === null ? <MissingCell why={NOT_SEEN} /> : <>{trimZeros(shortDecimal(searchesPerMinute))}</>,
      sortBy: sorted,
    },
    { key: 'kind', header: 'Index kind', numeric: true, cell: (row) => <KindCell row={row} limits={limits} /> },
  ]
}

const Name = ({ row, asOf }: { row: VectorTenant; asOf: string }) => (
  <span className="inline-flex max-w-56 items-center gap-1.5">
    <span
      className="truncate"
      title={row.model ? `${row.partition} · ${row.model}, ${row.dimensions} dimensions, ${row.metric}` : row.partition}
    >
      {row.tenant}
    </span>
    {coldText(row, asOf) && <Chip>{coldText(row, asOf)}</Chip>}
  </span>
)

function RecallCell({ row }: { row: VectorTenant }) {
  if (row.recall !== null)
    return (
      <span
        className={cn(row.recall < row.recallTarget && 'text-bad')}
        title={`at ${widthText({ efSearch: row.recallEfSearch, probes: row.recallProbes })}, target ${row.recallTarget}${row.recallAt ? `, measured ${row.recallAt}` : ''}`}
      >
        {recallText(row.recall)}
      </span>
    )
  if (row.indexState === 'valid') return <MissingCell why="not measured yet" />
  return (
    <span className="text-muted" title="Without an index every search is exact">
      exact
    </span>
  )
}

function KindCell({ row, limits }: { row: VectorTenant; limits: Limits }) {
  const { text, why, tone } = indexText(row, limits?.indexPaysRows ?? Infinity)
  if (row.jobKind && row.jobProgress !== null)
    return (
      <span className="inline-flex items-center gap-2" title={row.jobPhase ?? undefined}>
        <span className="w-12">
          <Bar share={row.jobProgress} memory="postgres" />
        </span>
        <span className="text-muted">{percentText(row.jobProgress)}</span>
      </span>
    )
  return tone ? (
    <Chip tone={tone} title={why}>
      {text}
    </Chip>
  ) : (
    <span className="text-muted" title={why}>
      {text}
    </span>
  )
}
