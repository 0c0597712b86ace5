import { BytesCell, MissingCell, MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Until } from '@/components/feedback/until'
import { Chip } from '@/components/ui/chip'
import { RowMenu } from '@/components/usage/prices/row-menu'
import type { ListedForeign } from '@/server/services/sessions/foreign/list-foreign'

export type ForeignActions = { logOut: (key: string) => void; logOutUser: (user: string) => void }

/** What is known of a session of other software. `actions` is null where nothing may be changed. */
export function foreignColumns(actions: ForeignActions | null): DataColumn<ListedForeign>[] {
  const menu: DataColumn<ListedForeign> = {
    key: 'menu',
    header: '',
    cell: ({ key, name, user }) => (
      <RowMenu
        name={name}
        items={[
          { label: 'Log out', danger: true, onSelect: () => actions?.logOut(key) },
          ...(user === null
            ? []
            : [{ label: 'Log out all of this user', danger: true, onSelect: () => actions?.logOutUser(user) }]),
        ]}
      />
    ),
    width: '2.5rem',
  }
  return [
    { key: 'name', header: 'Session', cell: ({ name }) => <MonoCell>{name}</MonoCell>, sortBy: ({ name }) => name },
    {
      key: 'user',
      header: 'User',
      cell: ({ user, why, readable }) =>
        user !== null ? (
          <TextCell>{user}</TextCell>
        ) : readable ? (
          <MissingCell why={why ?? 'not known'} />
        ) : (
          <Chip tone="warn">not JSON</Chip>
        ),
      sortBy: ({ user }) => user,
    },
    {
      key: 'expires',
      header: 'Ends',
      hint: 'Unless its application touches it before',
      cell: ({ expiresAt }) =>
        expiresAt === null ? <span className="text-muted">never by itself</span> : <Until at={expiresAt} />,
      sortBy: ({ expiresAt }) => expiresAt ?? '9',
    },
    {
      key: 'size',
      header: 'Size',
      hint: 'As Redis estimates it, with everything around it',
      numeric: true,
      cell: ({ bytes }) =>
        bytes === null ? <MissingCell why="this Redis does not say" /> : <BytesCell value={bytes} />,
      sortBy: ({ bytes }) => bytes,
      wideOnly: true,
    },
    ...(actions ? [menu] : []),
  ]
}
