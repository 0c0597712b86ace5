import {
  CountCell,
  DurationCell,
  MissingCell,
  MoneyCell,
  MonoCell,
  TextCell,
  TimeCell,
} from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { count } from '@/components/format/count'
import { Chip } from '@/components/ui/chip'
import { knownCost } from '@/components/usage/words'
import type { ListedConversation } from '@/server/services/conversations/list-conversations'

export function conversationColumns(
  timezone: string,
  asOf: string,
  withTenant: boolean,
): DataColumn<ListedConversation>[] {
  const tenant: DataColumn<ListedConversation> = {
    key: 'tenant',
    header: 'Tenant',
    cell: (row) => <TextCell>{row.tenant}</TextCell>,
    wideOnly: true,
  }
  const noCalls = <MissingCell why="no call named this conversation" />
  return [
    { key: 'id', header: 'Conversation', cell: ({ id }) => <MonoCell>{id}</MonoCell> },
    {
      key: 'last',
      header: 'Last turn',
      cell: ({ lastAt }) => <TimeCell at={lastAt} timezone={timezone} now={asOf} />,
    },
    ...(withTenant ? [tenant] : []),
    { key: 'user', header: 'User', cell: ({ user }) => <TextCell>{user}</TextCell>, wideOnly: true },
    { key: 'turns', header: 'Turns', numeric: true, cell: ({ turns }) => <CountCell value={turns} />, wideOnly: true },
    {
      key: 'calls',
      header: 'Calls',
      numeric: true,
      cell: ({ usage }) => <CountCell value={usage.calls} />,
      wideOnly: true,
    },
    {
      key: 'tokens',
      header: 'Tokens',
      hint: 'Input and output of all its calls',
      numeric: true,
      cell: ({ usage }) =>
        usage.calls === 0 ? noCalls : <CountCell value={usage.inputTokens + usage.outputTokens} compact />,
      wideOnly: true,
    },
    {
      key: 'latency',
      header: 'Latency',
      hint: 'Mean of the calls that reached a model',
      numeric: true,
      cell: ({ usage }) => <DurationCell ms={usage.latencyMs} missing="no call of it said how long it took" />,
      wideOnly: true,
    },
    {
      key: 'cost',
      header: 'Cost',
      numeric: true,
      cell: ({ usage }) => (usage.calls === 0 ? noCalls : <MoneyCell usd={knownCost(usage)} />),
    },
    {
      key: 'problems',
      header: 'Problems',
      cell: ({ usage }) =>
        usage.problems === 0 ? (
          <span className="text-muted">none</span>
        ) : (
          <Chip tone="bad">{count(usage.problems)} of its calls</Chip>
        ),
      wideOnly: true,
    },
  ]
}
