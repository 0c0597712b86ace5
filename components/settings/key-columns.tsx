import { Ban } from 'lucide-react'
import { Age } from '@/components/feedback/age'
import { MissingCell, MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import type { listKeys } from '@/server/services/keys/list-keys'

export type ListedKey = Awaited<ReturnType<typeof listKeys>>['keys'][number]

const tenantsText = ({ tenants }: ListedKey) => (tenants === null ? 'all' : tenants.join(', '))

export function keyColumns(onRevoke?: (key: ListedKey) => void): DataColumn<ListedKey>[] {
  const columns: DataColumn<ListedKey>[] = [
    {
      key: 'name',
      header: 'Name',
      cell: (key) => (
        <span className="flex items-center gap-2 @max-lg:flex-col @max-lg:items-start @max-lg:gap-0">
          <TextCell>{key.name}</TextCell>
          {key.simulated && <Chip tone="warn">simulated</Chip>}
          {key.revokedAt && <Chip>revoked</Chip>}
        </span>
      ),
      sortBy: (key) => key.name.toLowerCase(),
    },
    { key: 'prefix', header: 'Begins with', cell: (key) => <MonoCell>{key.prefix}…</MonoCell>, wideOnly: true },
    { key: 'scope', header: 'Scope', cell: (key) => key.scope, sortBy: (key) => key.scope, wideOnly: true },
    { key: 'tenants', header: 'Tenants', cell: (key) => <TextCell muted>{tenantsText(key)}</TextCell>, wideOnly: true },
    {
      key: 'lastUsed',
      header: 'Last used',
      cell: (key) => (key.lastUsedAt ? <Age at={key.lastUsedAt} /> : <MissingCell why="never used" />),
      sortBy: (key) => key.lastUsedAt,
    },
    {
      key: 'created',
      header: 'Created',
      cell: (key) => (
        <TextCell muted>
          <Age at={key.createdAt} /> by {key.createdBy}
        </TextCell>
      ),
      sortBy: (key) => key.createdAt,
      wideOnly: true,
    },
  ]
  if (onRevoke)
    columns.push({
      key: 'actions',
      header: '',
      numeric: true,
      cell: (key) =>
        key.revokedAt ? null : (
          <Button onClick={() => onRevoke(key)} aria-label={`Revoke ${key.name}`} className="@max-lg:px-1.5">
            <Ban aria-hidden className="@lg:hidden" />
            <span className="@max-lg:hidden">Revoke</span>
          </Button>
        ),
    })
  return columns
}
