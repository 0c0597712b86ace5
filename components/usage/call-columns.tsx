import { CountCell, DurationCell, MissingCell, MoneyCell, MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { clockSeconds, dayTime, fullStamp } from '@/components/format/instant'
import { Chip } from '@/components/ui/chip'
import type { ListedCall } from '@/server/services/usage/usage-requests'

const statusTones = { error: 'bad', timeout: 'bad', refused: 'warn', cancelled: 'neutral' } as const
export const statusTone = (status: string) =>
  Object.entries(statusTones).find(([name]) => name === status)?.[1] ?? 'neutral'

/** Every sort is the server's: `sortBy` only makes a header that can be pressed. */
const sortable = () => null

export function callColumns(timezone: string, asOf: string, withTenant: boolean): DataColumn<ListedCall>[] {
  const tenant: DataColumn<ListedCall> = {
    key: 'tenant',
    header: 'Tenant',
    cell: (call) => <TextCell>{call.tenant}</TextCell>,
    wideOnly: true,
  }
  return [
    {
      key: 'time',
      header: 'Time',
      cell: ({ occurredAt }) => <SecondsCell at={occurredAt} timezone={timezone} now={asOf} />,
      sortBy: sortable,
    },
    ...(withTenant ? [tenant] : []),
    { key: 'model', header: 'Model', cell: ({ model }) => <MonoCell>{model}</MonoCell> },
    {
      key: 'prompt',
      header: 'Prompt version',
      cell: ({ prompt }) => (prompt ? <MonoCell>{prompt}</MonoCell> : <MissingCell why="no prompt was named" />),
      wideOnly: true,
    },
    {
      key: 'user',
      header: 'User',
      cell: ({ user }) => (user ? <TextCell muted>{user}</TextCell> : <MissingCell why="no user was named" />),
      wideOnly: true,
    },
    {
      key: 'state',
      header: 'Status',
      cell: ({ status, cached }) =>
        status !== 'ok' ? (
          <Chip tone={statusTone(status)}>{status}</Chip>
        ) : cached ? (
          <Chip>from cache</Chip>
        ) : (
          <span className="text-muted">ok</span>
        ),
      wideOnly: true,
    },
    {
      key: 'input',
      header: 'Input',
      hint: 'Input tokens, those read from the cache of the provider included',
      numeric: true,
      cell: ({ inputTokens }) => <CountCell value={inputTokens} />,
      wideOnly: true,
    },
    {
      key: 'output',
      header: 'Output',
      numeric: true,
      cell: ({ outputTokens }) => <CountCell value={outputTokens} />,
      wideOnly: true,
    },
    {
      key: 'latency',
      header: 'Latency',
      numeric: true,
      cell: ({ latencyMs }) => <DurationCell ms={latencyMs} missing="the application did not say" />,
      sortBy: sortable,
      wideOnly: true,
    },
    {
      key: 'cost',
      header: 'Cost',
      numeric: true,
      cell: ({ costUsd }) => <MoneyCell usd={costUsd} />,
      sortBy: sortable,
    },
  ]
}

/** Calls come by the second: the minute alone would not tell them apart. */
function SecondsCell({ at, timezone, now }: { at: string; timezone: string; now: string }) {
  return (
    <time dateTime={at} title={fullStamp(at, timezone)} className="text-muted">
      {dayTime(at, timezone, now)}
      <span className="text-faint">{clockSeconds(at, timezone).slice(-3)}</span>
    </time>
  )
}
