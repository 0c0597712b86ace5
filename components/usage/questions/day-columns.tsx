import { CountCell, MissingCell, MoneyCell, MonoCell, PercentCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { relativeText } from '@/components/format/delta'
import { money } from '@/components/format/money'
import { Chip } from '@/components/ui/chip'
import { cn } from '@/components/ui/cn'
import { knownCost } from '@/components/usage/words'
import type { DaySummary } from '@/server/services/usage/days/summaries-of-days'

/** A quarter more than the day before is worth a colour. */
const MUCH = 0.25
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole)

export function dayColumns(withTenant: boolean): DataColumn<DaySummary>[] {
  const columns: DataColumn<DaySummary>[] = [
    {
      key: 'day',
      header: 'Day',
      cell: ({ day, whole }) => (
        <span className="inline-flex items-center gap-2">
          {weekday(day)}
          {!whole && <Chip>so far</Chip>}
        </span>
      ),
      sortBy: ({ day }) => day,
    },
    {
      key: 'cost',
      header: 'Cost',
      numeric: true,
      cell: (day) => (day.requests === 0 ? <MissingCell why="no requests" /> : <MoneyCell usd={knownCost(day)} />),
      sortBy: ({ costUsd }) => Number(costUsd),
    },
    {
      key: 'change',
      header: 'Day before',
      hint: 'How much more or less than the day before',
      numeric: true,
      cell: (day) => <ChangeCell day={day} />,
      sortBy: ({ change }) => change,
    },
    {
      key: 'requests',
      header: 'Requests',
      numeric: true,
      cell: ({ requests }) => <CountCell value={requests} />,
      sortBy: ({ requests }) => requests,
    },
    {
      key: 'errors',
      header: 'Errors',
      hint: 'Errors and timeouts, of all requests',
      numeric: true,
      cell: ({ errors, requests }) => <PercentCell ratio={ratio(errors, requests)} missing="no requests" />,
      sortBy: ({ errors, requests }) => ratio(errors, requests),
      wideOnly: true,
    },
    {
      key: 'hits',
      header: 'From cache',
      hint: "Answered from the application's own cache, of all requests",
      numeric: true,
      cell: ({ cacheHits, requests }) => <PercentCell ratio={ratio(cacheHits, requests)} missing="no requests" />,
      sortBy: ({ cacheHits, requests }) => ratio(cacheHits, requests),
      wideOnly: true,
    },
    {
      key: 'model',
      header: 'Dearest model',
      cell: ({ dearestModel }) => <Dearest one={dearestModel} />,
      wideOnly: true,
    },
  ]
  if (withTenant)
    columns.push({
      key: 'tenant',
      header: 'Dearest tenant',
      cell: ({ dearestTenant }) => <Dearest one={dearestTenant} />,
      wideOnly: true,
    })
  columns.push({
    key: 'activations',
    header: 'Went live',
    hint: 'Prompt versions that went live that day',
    numeric: true,
    cell: ({ activations }) => <CountCell value={activations} />,
    sortBy: ({ activations }) => activations,
    wideOnly: true,
  })
  return columns
}

/** The day is the zone's already; its name must not be moved again. */
const weekday = (day: string) =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )

function ChangeCell({ day: { change, whole } }: { day: DaySummary }) {
  if (change === null) return <MissingCell why={whole ? 'the day before cost nothing' : 'the day is not over'} />
  return <span className={cn(change >= MUCH && 'text-bad')}>{relativeText(change)}</span>
}

function Dearest({ one }: { one: DaySummary['dearestModel'] }) {
  if (!one) return <MissingCell why="nothing cost anything" />
  return (
    <span className="inline-flex items-baseline gap-2">
      <MonoCell>{one.key}</MonoCell>
      <TextCell muted>{money(one.costUsd)}</TextCell>
    </span>
  )
}
