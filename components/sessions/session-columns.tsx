import {
  BytesCell,
  CountCell,
  DurationCell,
  MissingCell,
  MoneyCell,
  MonoCell,
  TextCell,
} from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Until } from '@/components/feedback/until'
import { MemoryBadge } from '@/components/ui/badge'
import { RowMenu } from '@/components/usage/prices/row-menu'
import { knownCost } from '@/components/usage/words'
import type { ListedSession } from '@/server/services/sessions/list-sessions'
import { memoryOf, storeNames } from './store-words'

export type SessionActions = { logOut: (session: ListedSession) => void; logOutUser: (session: ListedSession) => void }
type Shown = { withTenant: boolean; withStore: boolean; usageMissing: string | null; actions: SessionActions | null }

/** The order is the server's: `sortBy` only makes a header that can be pressed. */
const sortable = () => null

export function sessionColumns({ withTenant, withStore, usageMissing, actions }: Shown): DataColumn<ListedSession>[] {
  const noUsage = usageMissing ?? 'no call of this session was reported'
  const tenant: DataColumn<ListedSession> = {
    key: 'tenant',
    header: 'Tenant',
    cell: (session) => <TextCell>{session.tenant}</TextCell>,
    wideOnly: true,
  }
  const store: DataColumn<ListedSession> = {
    key: 'store',
    header: 'Lives in',
    cell: (session) => <MemoryBadge memory={memoryOf(session.store)}>{storeNames[session.store]}</MemoryBadge>,
    wideOnly: true,
  }
  const menu: DataColumn<ListedSession> = {
    key: 'menu',
    header: '',
    cell: (session) => (
      <RowMenu
        name={session.id}
        items={[
          { label: 'Log out', danger: true, onSelect: () => actions?.logOut(session) },
          { label: 'Log out all of this user', danger: true, onSelect: () => actions?.logOutUser(session) },
        ]}
      />
    ),
    width: '2.5rem',
  }
  return [
    { key: 'id', header: 'Session', cell: ({ id }) => <MonoCell>{id}</MonoCell> },
    ...(withStore ? [store] : []),
    ...(withTenant ? [tenant] : []),
    { key: 'user', header: 'User', cell: ({ user }) => <TextCell>{user}</TextCell> },
    { key: 'turns', header: 'Turns', numeric: true, cell: ({ turns }) => <CountCell value={turns} />, wideOnly: true },
    {
      key: 'expires',
      header: 'Ends',
      hint: 'Unless somebody touches it before',
      cell: ({ expiresAt }) => <Until at={expiresAt} />,
      sortBy: sortable,
    },
    {
      key: 'idle',
      header: 'Idle',
      hint: 'Since the application read or wrote it last',
      numeric: true,
      cell: ({ idleMs }) => <DurationCell ms={idleMs} />,
      wideOnly: true,
    },
    {
      key: 'size',
      header: 'Size',
      hint: 'Data and the turns that are kept with it',
      numeric: true,
      cell: ({ bytes }) => <BytesCell value={bytes} />,
      wideOnly: true,
    },
    {
      key: 'tokens',
      header: 'Tokens',
      hint: 'Input and output of its calls since it began, from Postgres',
      numeric: true,
      cell: ({ usage }) => (usage ? <CountCell value={usage.tokens} compact /> : <MissingCell why={noUsage} />),
      wideOnly: true,
    },
    {
      key: 'cost',
      header: 'Cost',
      hint: 'Of its calls since it began, from Postgres',
      numeric: true,
      cell: ({ usage }) => (usage ? <MoneyCell usd={knownCost(usage)} /> : <MissingCell why={noUsage} />),
      wideOnly: true,
    },
    {
      key: 'prompt',
      header: 'Prompt version',
      hint: 'Of its last call that named one',
      cell: ({ usage }) =>
        usage?.prompt ? (
          <MonoCell>{usage.prompt}</MonoCell>
        ) : (
          <MissingCell why={usage ? 'no prompt was named' : noUsage} />
        ),
      wideOnly: true,
    },
    ...(actions ? [menu] : []),
  ]
}
