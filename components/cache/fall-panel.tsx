import { BarCell, CountCell, MissingCell, MonoCell, PercentCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { dayTime } from '@/components/format/instant'
import { moneyApprox } from '@/components/format/money'
import { percentText } from '@/components/format/percent'
import type { CacheReport } from '@/server/services/cache/cache-report'
import type { Fall } from '@/server/services/cache/fall'
import { groupName } from './lookup-words'

type Row = Fall['rows'][number]
type Group = Pick<Row, 'family' | 'namespace' | 'tenant'>
const keyOf = ({ family, namespace, tenant }: Group) => JSON.stringify([family, namespace, tenant])

const NOT_COUNTED = 'No counted look-up misses more than before'

/** J4: which family and tenant a fall of the hit rate comes from, since when, and what it has cost. */
export function FallPanel({
  fall,
  data,
  timezone,
  link,
}: {
  fall: Fall
  data: Pick<CacheReport, 'asOf' | 'namespace' | 'tenant' | 'redis'>
  timezone: string
  link: (group: Group) => string
}) {
  const since = dayTime(fall.at, timezone, data.asOf)
  const evicted = evictedText(fall, data.redis.last)
  return (
    <Panel
      title="Why the hit rate fell"
      memory="redis"
      badge={`since ${since}`}
      source={{
        stores: ['postgres'],
        from: 'cache_lookups, before and after the fall',
        window: `${durationLong(fall.seconds * 1000)} since ${since}, against the range before it`,
        asOf: data.asOf,
        precision: 'exact',
        detail:
          'Extra misses: misses after the fall less those that the hit rate before it would have had. Cost: extra misses × what a hit spared on average, an estimate.',
      }}
      note={`extra misses by family, namespace and tenant · ${durationLong(fall.seconds * 1000)}`}
      state={
        fall.rows.length > 0 || evicted
          ? { status: 'ready' }
          : {
              status: 'empty',
              title: NOT_COUNTED,
              hint: 'The fall is in keys that applications read from Redis themselves: only what gateways look up is counted by family, namespace and tenant.',
            }
      }
      minHeight={90}
    >
      {evicted && (
        <p className="border-b border-line bg-warn-soft px-3.5 py-1.5 text-sm">
          <b className="font-medium">{evicted}:</b> memory was full, and what had been kept was gone before it was asked
          for again. A higher maxmemory, or shorter times to live, bring it back.
        </p>
      )}
      <DataTable
        label="What the fall is made of"
        columns={columnsOf(fall)}
        rows={fall.rows}
        rowKey={keyOf}
        rowHref={link}
        selectedKey={selectedOf(data)}
        alreadySorted
        memory="redis"
        total={fall.groups}
        note={gapText(fall)}
        empty={NOT_COUNTED}
      />
    </Panel>
  )
}

function selectedOf({ namespace, tenant }: Pick<CacheReport, 'namespace' | 'tenant'>): string | null {
  return namespace && tenant ? keyOf({ family: 'answers', namespace, tenant }) : null
}

function columnsOf(fall: Fall): DataColumn<Row>[] {
  const share = (row: Row) => row.extraMisses / fall.extraMisses
  return [
    {
      key: 'who',
      header: 'Family / namespace / tenant',
      cell: (row) => <MonoCell>{groupName(row)}</MonoCell>,
    },
    {
      key: 'was',
      header: 'Before',
      numeric: true,
      cell: ({ was }) => <PercentCell ratio={was} missing="no look-ups" />,
    },
    {
      key: 'now',
      header: 'Since',
      numeric: true,
      cell: ({ now, was }) => <PercentCell ratio={now} bad={was !== null && now !== null && was - now >= 0.1} />,
    },
    {
      key: 'extra',
      header: 'Extra misses',
      numeric: true,
      cell: ({ extraMisses }) => <CountCell value={Math.round(extraMisses)} />,
    },
    {
      key: 'share',
      header: 'Of the fall',
      numeric: true,
      cell: (row) => <PercentCell ratio={share(row)} />,
    },
    {
      key: 'bar',
      header: '',
      width: '16%',
      wideOnly: true,
      cell: (row) => <BarCell share={share(row)} memory="redis" />,
    },
    {
      key: 'usd',
      header: 'Has cost',
      numeric: true,
      hint: 'estimated: extra misses × what a hit spared on average',
      cell: ({ usd }) =>
        usd > 0 ? `about ${moneyApprox(usd)}` : <MissingCell why="no entry says what it had cost to make" />,
    },
    {
      key: 'hourly',
      header: 'Per hour',
      numeric: true,
      wideOnly: true,
      cell: ({ usd }) =>
        usd > 0 && fall.seconds > 0 ? (
          moneyApprox((usd / fall.seconds) * 3600)
        ) : (
          <MissingCell why="no entry says what it had cost to make" />
        ),
    },
  ]
}

/** What Redis threw away since the fall, where that is clearly more than before; null where it is not. */
function evictedText({ evictions }: Fall, last: CacheReport['redis']['last']): string | null {
  if (!evictions || evictions.since < Math.max(1, 2 * evictions.atPaceBefore)) return null
  const before = Math.round(evictions.atPaceBefore)
  const full = last && last.maxMemoryBytes > 0 ? ` (${last.maxMemoryPolicy}, ${bytesText(last.maxMemoryBytes)})` : ''
  return `Redis evicted ${count(evictions.since)} keys since${full}, where the pace before would have been ${before === 0 ? 'none' : count(before)}`
}

/** How much of Redis' own extra misses the counted ones explain. */
function gapText({ extraMisses, redisExtraMisses: all }: Fall): string {
  const counted = Math.round(extraMisses)
  if (all === null) return 'Redis’ own counts are missing on one side of the fall'
  if (all < 1) return `Redis as a whole misses no more than before: other look-ups hide these ${count(counted)}`
  if (counted >= all) return `these are all of Redis’ own ${count(Math.round(all))} extra misses`
  return `${percentText(extraMisses / all)} of Redis’ own ${count(Math.round(all))} extra misses; the others are keys that nobody counts by family`
}
