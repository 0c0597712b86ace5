import {
  BarCell,
  CountCell,
  DurationCell,
  MissingCell,
  MoneyCell,
  MonoCell,
  PercentCell,
  TextCell,
} from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { count } from '@/components/format/count'
import type { ModelLatency } from '@/server/services/usage/model-latencies'
import type { UsageBreakdown, UsagePart } from '@/server/services/usage/usage-breakdown'
import type { Breakdown } from '@/server/services/usage/usage.schema'
import { knownCost, partName, tabLabels } from './words'

/** Drawn by cost; by requests where nothing in the range has cost anything. */
const shareOf = (part: UsagePart, { costUsd, requests }: UsageBreakdown['totals']) =>
  Number(costUsd) > 0 ? Number(part.costUsd) / Number(costUsd) : part.requests / Math.max(1, requests)

const untimed = 'no call said how long it took, or it is not among the twelve most used'
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole)

export function partColumns(
  by: Breakdown,
  totals: UsageBreakdown['totals'],
  withTenant: boolean,
  latencies: Map<string, ModelLatency> | null,
): DataColumn<UsagePart>[] {
  const columns: DataColumn<UsagePart>[] = [
    { key: 'name', header: tabLabels[by], cell: (part) => <NameCell by={by} part={part} />, sortBy: ({ key }) => key },
  ]
  if (withTenant)
    columns.push({
      key: 'of',
      header: 'Tenant',
      cell: ({ tenant }) => <TextCell muted>{tenant}</TextCell>,
      sortBy: ({ tenant }) => tenant,
    })
  const timed = ({ key }: UsagePart) => latencies?.get(key ?? '') ?? null
  const latency = (name: 'mean' | 'p95', header: string, hint: string): DataColumn<UsagePart> => ({
    key: name === 'mean' ? 'latency' : name,
    header,
    hint,
    numeric: true,
    cell: (part) => <DurationCell ms={timed(part)?.[name] ?? null} missing={latencies ? untimed : 'being read'} />,
    sortBy: (part) => timed(part)?.[name] ?? null,
  })
  const times =
    by === 'model'
      ? [
          latency('mean', 'Latency', 'Mean of the calls that said how long they took, cached answers aside'),
          latency('p95', 'p95', 'The slowest twentieth took longer; within 2 % over more than six hours'),
        ]
      : []
  return [
    ...columns,
    {
      key: 'cost',
      header: 'Cost',
      numeric: true,
      cell: (part) => <CostCell part={part} />,
      sortBy: (part) => (knownCost(part) === null ? null : Number(part.costUsd)),
    },
    { key: 'bar', header: '', width: '14%', cell: (part) => <BarCell share={shareOf(part, totals)} />, wideOnly: true },
    {
      key: 'share',
      header: 'Share',
      numeric: true,
      cell: (part) => <PercentCell ratio={shareOf(part, totals)} />,
      sortBy: (part) => shareOf(part, totals),
      wideOnly: true,
    },
    {
      key: 'requests',
      header: 'Requests',
      numeric: true,
      cell: ({ requests }) => <CountCell value={requests} />,
      sortBy: ({ requests }) => requests,
    },
    ...times,
    {
      key: 'input',
      header: 'Input tokens',
      numeric: true,
      cell: ({ inputTokens }) => <CountCell value={inputTokens} compact />,
      sortBy: ({ inputTokens }) => inputTokens,
      wideOnly: true,
    },
    {
      key: 'output',
      header: 'Output',
      numeric: true,
      cell: ({ outputTokens }) => <CountCell value={outputTokens} compact />,
      sortBy: ({ outputTokens }) => outputTokens,
      wideOnly: true,
    },
    {
      key: 'cached',
      header: 'Cached',
      hint: "Share of the input tokens that the provider's cache served",
      numeric: true,
      cell: (part) => <PercentCell ratio={ratio(part.cachedInputTokens, part.inputTokens)} missing="no input tokens" />,
      sortBy: (part) => ratio(part.cachedInputTokens, part.inputTokens),
      wideOnly: true,
    },
    {
      key: 'errors',
      header: 'Errors',
      hint: 'Errors and timeouts, of all requests',
      numeric: true,
      cell: (part) => <PercentCell ratio={ratio(part.errors, part.requests)} missing="no requests" />,
      sortBy: (part) => ratio(part.errors, part.requests),
      wideOnly: true,
    },
  ]
}

function NameCell({ by, part }: { by: Breakdown; part: UsagePart }) {
  if (part.key === null) return <TextCell muted>{partName(by, null)}</TextCell>
  return by === 'tenant' ? <TextCell>{part.key}</TextCell> : <MonoCell>{part.key}</MonoCell>
}

/** Unpriced calls are said, never summed as nothing (R7). */
function CostCell({ part }: { part: UsagePart }) {
  if (part.requests === 0) return <MissingCell why="no requests" />
  const some = part.unpriced > 0 && knownCost(part) !== null
  return (
    <>
      {some && <span className="mr-2 text-sm text-muted">{count(part.unpriced)} unpriced</span>}
      <MoneyCell usd={knownCost(part)} />
    </>
  )
}
