import { breakdowns, type UsageScope } from '@/server/services/usage/usage.schema'
import { breakdownOfUsage } from '@/server/services/usage/usage-breakdown'
import { seriesOfUsage } from '@/server/services/usage/usage-series'
import { totalsOfUsage } from '@/server/services/usage/usage-totals'
import type { Figure } from './figure'
import { type Generated, generateUsage } from './generated-usage'
import { median } from './load'
import type { Setting } from './setting'

const MANY = Number(process.env.BENCH_CALLS ?? 10_000_000)
const FEW = MANY / 100
const TIMES = 5
const SUMS = `count(*), count(*) filter (where status in ('error', 'timeout')), count(*) filter (where cached),
  sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(cost_usd), count(*) filter (where cost_usd is null)`
const QUANTILES = 'percentile_disc(array[0.5, 0.95, 0.99]) within group (order by latency_ms)'

/** The panels of the Usage page over 30 days, against the same questions asked of the calls, and of a hundredth of them. */
export async function usagePanels({ databaseUrl, embedded }: Setting): Promise<Figure[]> {
  if (embedded && !process.env.BENCH_CALLS)
    throw new Error(`${MANY} calls do not fit into embedded Postgres: set DATABASE_URL, or BENCH_CALLS for fewer.`)
  const few = await generateUsage(databaseUrl, FEW)
  const quick = await timesOf(few)
  await few.drop()
  const many = await generateUsage(databaseUrl, MANY)
  const ours = await timesOf(many)
  const figures: Figure[] = []
  for (const [name, { ask }] of Object.entries(panels(many))) {
    const raw = await milliseconds(ask)
    const panel = ours[name] ?? Number.NaN
    figures.push(
      {
        work: `the same question on ${MANY.toLocaleString('en')} calls / the panel: ${name}`,
        ours: raw,
        unit: 'ms',
        other: panel,
        dividedBy: 'the panel over 30 days',
        goal: { atLeast: 40 },
      },
      {
        work: `the panel at ${MANY.toLocaleString('en')} calls / at ${FEW.toLocaleString('en')}: ${name}`,
        ours: panel,
        unit: 'ms',
        other: quick[name] ?? Number.NaN,
        dividedBy: 'the same panel with few calls',
        goal: { atMost: 2 },
      },
    )
  }
  await many.drop()
  return figures
}

type Panel = { show: () => Promise<unknown>; ask: () => Promise<unknown> }

function panels({ db, sql, from, to }: Generated): Record<string, Panel> {
  const scope: UsageScope = {
    ...{ tenant: null, range: null, timezone: 'UTC' },
    ...{ provider: null, model: null, user: null, prompt: null, status: null },
    ...{ from: from.toISOString(), to: to.toISOString() },
  }
  const before = new Date(2 * from.getTime() - to.getTime())
  const within = (start: Date, end: Date) =>
    `occurred_at >= '${start.toISOString()}' and occurred_at < '${end.toISOString()}'`
  const ask = (what: string, where: string, by = '') => sql.unsafe(`select ${what} from llm_usage where ${where} ${by}`)
  return {
    totals: {
      show: () => totalsOfUsage({ db }, scope, to),
      ask: async () => {
        await ask(`${SUMS}, ${QUANTILES}`, within(from, to))
        await ask(`${SUMS}, ${QUANTILES}`, within(before, from))
      },
    },
    'over time': {
      show: () => seriesOfUsage({ db }, { ...scope, step: null }, to),
      ask: () => ask(`date_trunc('day', occurred_at, 'UTC'), ${SUMS}, ${QUANTILES}`, within(from, to), 'group by 1'),
    },
    ...Object.fromEntries(
      breakdowns.map((by) => {
        const columns = { user: 'tenant, user_id', prompt: 'prompt_name, prompt_version' }[by as string] ?? by
        const show = () => breakdownOfUsage({ db }, { ...scope, by }, { now: to })
        return [`by ${by}`, { show, ask: () => ask(`${columns}, ${SUMS}`, within(from, to), `group by ${columns}`) }]
      }),
    ),
  }
}

async function timesOf(generated: Generated): Promise<Record<string, number>> {
  const times: Record<string, number> = {}
  for (const [name, { show }] of Object.entries(panels(generated))) {
    await show()
    const all: number[] = []
    for (let time = 0; time < TIMES; time++) all.push(await milliseconds(show))
    times[name] = median(all)
  }
  return times
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
