import { TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Age } from '@/components/feedback/age'
import { Chip } from '@/components/ui/chip'
import { RowMenu } from '@/components/usage/prices/row-menu'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'
import { alertText, forecastText, periodText, scopeText } from './budget-words'
import { SpentCell } from './spent-cell'

type Changes = { change: (budget: ListedBudget) => void; remove: (budget: ListedBudget) => void }

/** Without `changes` there is nothing to change them with. */
export function budgetColumns(asOf: string, changes: Changes | null): DataColumn<ListedBudget>[] {
  const menu: DataColumn<ListedBudget>[] = changes
    ? [{ key: 'change', header: '', numeric: true, cell: (row) => <Menu budget={row} {...changes} /> }]
    : []
  return [
    { key: 'name', header: 'Budget', cell: (row) => <Name budget={row} />, sortBy: ({ name }) => name },
    {
      key: 'spent',
      header: 'Spent',
      hint: 'In the period that runs, of what may be spent; the marks are the thresholds',
      cell: (row) => <SpentCell budget={row} />,
      sortBy: ({ percent }) => percent,
    },
    {
      key: 'forecast',
      header: 'Used up',
      hint: 'If it goes on as in the last whole days, with the range that nine in ten lie within on either side',
      cell: (row) => <ForecastCell budget={row} asOf={asOf} />,
    },
    { key: 'told', header: 'Told', cell: (row) => <Alerts budget={row} asOf={asOf} />, wideOnly: true },
    ...menu,
  ]
}

function Name({ budget }: { budget: ListedBudget }) {
  return (
    <span className="block max-w-72">
      <TextCell>{budget.name}</TextCell>
      <span className="block truncate text-sm text-muted">{scopeText(budget)}</span>
      <span className="block truncate text-sm text-muted">
        {periodText(budget)}
        {budget.enforcement === 'refuse' && ' · refuses'}
      </span>
    </span>
  )
}

function ForecastCell({ budget, asOf }: { budget: ListedBudget; asOf: string }) {
  const { text, detail, tone } = forecastText(budget, asOf)
  return (
    <span className="block max-w-64 whitespace-normal">
      <Chip tone={tone}>{text}</Chip>
      {detail && <span className="block text-sm text-muted">{detail}</span>}
    </span>
  )
}

function Alerts({ budget, asOf }: { budget: ListedBudget; asOf: string }) {
  if (budget.alerts.length === 0) return <span className="text-muted">nothing yet</span>
  return budget.alerts.slice(0, 3).map((alert) => (
    <span key={alert.id} className="block text-sm">
      {alertText(alert, budget, asOf)}{' '}
      <span className="text-muted">
        <Age at={alert.at} />
      </span>
    </span>
  ))
}

const Menu = ({ budget, change, remove }: { budget: ListedBudget } & Changes) => (
  <RowMenu
    name={budget.name}
    items={[
      { label: 'Change', onSelect: () => change(budget) },
      { label: 'Delete', danger: true, onSelect: () => remove(budget) },
    ]}
  />
)
