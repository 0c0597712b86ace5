import { BarCell, CountCell, MissingCell, MoneyCell, MonoCell, PercentCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { pointsText } from '@/components/format/delta'
import { cn } from '@/components/ui/cn'
import type { CacheReport } from '@/server/services/cache/cache-report'

export type AnswerRow = CacheReport['answers']['rows'][number]
type Counted = Pick<AnswerRow, 'hits' | 'misses' | 'hitsBefore' | 'missesBefore'>

const FELL_POINTS = 0.1

export const rate = (hits: number, misses: number) => (hits + misses > 0 ? hits / (hits + misses) : null)

/** `by` names what the rows are; `all` is the number of look-ups of all of them, for their shares. */
export function answerColumns(by: 'namespace' | 'tenant', all: number, before: string): DataColumn<AnswerRow>[] {
  return [
    {
      key: 'key',
      header: by === 'namespace' ? 'Namespace' : 'Tenant',
      cell: ({ key }) => (by === 'namespace' ? <MonoCell>{key}</MonoCell> : key),
      sortBy: ({ key }) => key,
    },
    ...lookupColumns<AnswerRow>(all, before),
    {
      key: 'saved',
      header: 'Saved, gross',
      numeric: true,
      wideOnly: true,
      hint: 'sum of what the hit entries had cost to make; what Redis costs is not taken off',
      cell: ({ savedUsd }) => <MoneyCell usd={savedUsd} />,
      sortBy: ({ savedUsd }) => Number(savedUsd),
    },
  ]
}

/** What is said of counted look-ups, whatever the rows are. */
export function lookupColumns<Row extends Counted>(all: number, before: string): DataColumn<Row>[] {
  return [
    {
      key: 'hitRate',
      header: 'Hit rate',
      numeric: true,
      hint: 'hits ÷ (hits + misses), counted one by one by the gateways',
      cell: ({ hits, misses }) => <PercentCell ratio={rate(hits, misses)} missing="no look-ups" />,
      sortBy: ({ hits, misses }) => rate(hits, misses),
    },
    {
      key: 'change',
      header: 'Points',
      numeric: true,
      hint: `change of the hit rate in percentage points, on ${before}`,
      cell: (row) => <Change row={row} before={before} />,
      sortBy: changeOf,
      wideOnly: true,
    },
    {
      key: 'lookups',
      header: 'Look-ups',
      numeric: true,
      cell: ({ hits, misses }) => <CountCell value={hits + misses} />,
      sortBy: ({ hits, misses }) => hits + misses,
    },
    {
      key: 'share',
      header: '',
      width: '18%',
      wideOnly: true,
      cell: ({ hits, misses }) => <BarCell share={all > 0 ? (hits + misses) / all : 0} memory="redis" />,
    },
    {
      key: 'hits',
      header: 'Hits',
      numeric: true,
      wideOnly: true,
      cell: ({ hits }) => <CountCell value={hits} />,
      sortBy: ({ hits }) => hits,
    },
    {
      key: 'misses',
      header: 'Misses',
      numeric: true,
      wideOnly: true,
      cell: ({ misses }) => <CountCell value={misses} />,
      sortBy: ({ misses }) => misses,
    },
  ]
}

function changeOf({ hits, misses, hitsBefore, missesBefore }: Counted): number | null {
  const [now, was] = [rate(hits, misses), rate(hitsBefore, missesBefore)]
  return now === null || was === null ? null : now - was
}

function Change({ row, before }: { row: Counted; before: string }) {
  const change = changeOf(row)
  if (change === null) return <MissingCell why={`no look-ups in ${before}`} />
  return <span className={cn('text-muted', change <= -FELL_POINTS && 'text-bad')}>{pointsText(change, 0)}</span>
}
