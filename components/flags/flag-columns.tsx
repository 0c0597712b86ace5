import { TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Age } from '@/components/feedback/age'
import { count } from '@/components/format/count'
import { Chip } from '@/components/ui/chip'
import type { ListedFlag } from '@/server/services/flags/list-flags'
import { rulesText } from './flag-words'

export const flagColumns: DataColumn<ListedFlag>[] = [
  {
    key: 'name',
    header: 'Flag',
    cell: ({ name, description }) => (
      <span className="block max-w-80">
        <TextCell>{name}</TextCell>
        {description && <span className="block truncate text-sm text-muted">{description}</span>}
      </span>
    ),
    sortBy: ({ name }) => name,
  },
  {
    key: 'state',
    header: 'On for',
    cell: (row) => <Chip tone={row.enabled ? 'ok' : 'neutral'}>{rulesText(row)}</Chip>,
    sortBy: ({ enabled, share }) => (enabled ? share : -1),
  },
  {
    key: 'tenants',
    header: 'Tenants apart',
    hint: 'Tenants for which other rules hold',
    numeric: true,
    cell: ({ tenants }) => count(tenants),
    sortBy: ({ tenants }) => tenants,
  },
  { key: 'revision', header: 'Revision', numeric: true, wideOnly: true, cell: ({ revision }) => count(revision) },
  {
    key: 'changed',
    header: 'Changed',
    numeric: true,
    cell: ({ changedAt }) => <Age at={changedAt} />,
    sortBy: ({ changedAt }) => changedAt,
  },
]
