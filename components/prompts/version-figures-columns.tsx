import type { ReactNode } from 'react'
import { CountCell, DurationCell, MissingCell, MoneyCell, PercentCell, TimeCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import type { FiguresOfVersion } from '@/server/services/prompts/version-figures'

/** A version with what it did in the range; null where nobody called it. */
export type VersionRow = { version: number; used: FiguresOfVersion | null }

const noCalls = 'no calls'

const figure = (
  column: Pick<DataColumn<VersionRow>, 'key' | 'header' | 'hint' | 'wideOnly'>,
  value: (used: FiguresOfVersion) => number | null,
  cell: (used: FiguresOfVersion) => ReactNode,
): DataColumn<VersionRow> => ({
  ...column,
  numeric: true,
  cell: ({ used }) => (used ? cell(used) : <MissingCell why={noCalls} />),
  sortBy: ({ used }) => used && value(used),
})

export const versionFiguresColumns = (timezone: string, asOf: string): DataColumn<VersionRow>[] => [
  { key: 'version', header: 'Version', cell: ({ version }) => <b>v{version}</b>, sortBy: ({ version }) => version },
  {
    ...figure(
      { key: 'requests', header: 'Requests' },
      ({ requests }) => requests,
      ({ requests }) => <CountCell value={requests} compact />,
    ),
    cell: ({ used }) =>
      used ? <CountCell value={used.requests} compact /> : <span className="text-muted">{noCalls}</span>,
  },
  figure(
    { key: 'cost', header: 'Cost per 1,000', hint: 'US dollars per 1,000 requests whose price is known' },
    ({ costPer1000Usd }) => (costPer1000Usd === null ? null : Number(costPer1000Usd)),
    ({ costPer1000Usd }) => <MoneyCell usd={costPer1000Usd} />,
  ),
  figure(
    { key: 'tokens', header: 'Tokens', hint: 'Input and output, per request', wideOnly: true },
    ({ tokensPerRequest }) => tokensPerRequest,
    ({ tokensPerRequest }) => <CountCell value={Math.round(tokensPerRequest)} compact />,
  ),
  figure(
    { key: 'p95', header: 'p95', hint: 'Latency of model calls, of the newest 6 hours of the range at most' },
    ({ p95Ms }) => p95Ms,
    ({ p95Ms }) => <DurationCell ms={p95Ms} missing="no timed model call in the newest 6 hours of the range" />,
  ),
  figure(
    { key: 'errors', header: 'Errors', hint: 'Errors and timeouts, of all requests' },
    ({ errors, requests }) => errors / requests,
    ({ errors, requests }) => <PercentCell ratio={errors / requests} />,
  ),
  figure(
    { key: 'hits', header: 'Hit rate', hint: "Answered from the application's cache, of all requests", wideOnly: true },
    ({ cached, requests }) => cached / requests,
    ({ cached, requests }) => <PercentCell ratio={cached / requests} />,
  ),
  figure(
    { key: 'last', header: 'Last used', hint: 'To the hour, exact within the hour that runs', wideOnly: true },
    ({ lastAt }) => Date.parse(lastAt),
    ({ lastAt }) => <TimeCell at={lastAt} timezone={timezone} now={asOf} />,
  ),
]
