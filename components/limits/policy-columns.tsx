import { CountCell, PercentCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { count } from '@/components/format/count'
import { Chip } from '@/components/ui/chip'
import { RowMenu } from '@/components/usage/prices/row-menu'
import type { LimitsReport, ListedPolicy } from '@/server/services/limits/limits-report'
import { kindNames, termsText } from './limit-words'

type Changes = { change: (policy: ListedPolicy) => void; remove: (policy: ListedPolicy) => void }

/** Without `changes` there is nothing to change them with. */
export function policyColumns(limited: LimitsReport['limited'], changes: Changes | null): DataColumn<ListedPolicy>[] {
  const limitedNow = ({ id }: ListedPolicy) => limited.filter(({ policyId }) => policyId === id).length
  const menu: DataColumn<ListedPolicy>[] = changes
    ? [{ key: 'change', header: '', numeric: true, cell: (row) => <Menu policy={row} {...changes} /> }]
    : []
  return [
    { key: 'name', header: 'Limit', cell: (row) => <Name policy={row} />, sortBy: ({ name }) => name },
    {
      key: 'asked',
      header: 'Asked',
      hint: 'Calls in the range, admitted or refused',
      numeric: true,
      cell: ({ admitted, refused }) => <CountCell value={admitted + refused} compact />,
      sortBy: ({ admitted, refused }) => admitted + refused,
    },
    {
      key: 'refused',
      header: 'Refused',
      numeric: true,
      cell: ({ refused }) => <CountCell value={refused} compact />,
      sortBy: ({ refused }) => refused,
    },
    {
      key: 'share',
      header: 'Share',
      hint: 'Refused of those asked',
      numeric: true,
      wideOnly: true,
      cell: ({ admitted, refused }) => (
        <PercentCell ratio={admitted + refused ? refused / (admitted + refused) : null} missing="not asked" />
      ),
      sortBy: ({ admitted, refused }) => (admitted + refused ? refused / (admitted + refused) : null),
    },
    {
      key: 'subjects',
      header: 'Subjects',
      hint: 'Distinct subjects that asked in the range',
      numeric: true,
      wideOnly: true,
      cell: ({ subjects }) => <CountCell value={subjects} compact />,
      sortBy: ({ subjects }) => subjects,
    },
    {
      key: 'now',
      header: 'Limited now',
      hint: 'Subjects refused in this minute or the one before',
      cell: (row) => {
        const now = limitedNow(row)
        return now ? <Chip tone="warn">{count(now)} limited</Chip> : <span className="text-muted">nobody</span>
      },
      sortBy: limitedNow,
    },
    ...menu,
  ]
}

function Name({ policy }: { policy: ListedPolicy }) {
  return (
    <span className="block max-w-44 @xl:max-w-72">
      <TextCell>
        {policy.name}
        {policy.tenant !== null && <span className="text-muted"> of {policy.tenant}</span>}
      </TextCell>
      <span className="block truncate text-sm text-muted">
        {kindNames[policy.kind]} · {termsText(policy)}
      </span>
    </span>
  )
}

const Menu = ({ policy, change, remove }: { policy: ListedPolicy } & Changes) => (
  <RowMenu
    name={policy.name}
    items={[
      { label: 'Change', onSelect: () => change(policy) },
      { label: 'Delete', danger: true, onSelect: () => remove(policy) },
    ]}
  />
)
