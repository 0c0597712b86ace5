import { rawSql } from '@/scripts/faults/raw-sql'
import type { Sent } from './client'

/** 10^-12 US dollars per token, as OpenAI published them in 2024. */
const PICO_USD: Record<string, { input: bigint; output: bigint }> = {
  'gpt-4o-mini': { input: 150_000n, output: 600_000n },
  'gpt-4o-2024-08-06': { input: 2_500_000n, output: 10_000_000n },
}

export type Verdict = { rows: number; lost: number; duplicated: number; unknown: number; faults: string[] }

type Sums = { calls: number; inputTokens: number; outputTokens: number; picoUsd: bigint }

/** Compares what clients were told is recorded with what is, by the row and by the sum. */
export async function judgeLedger(databaseUrl: string, tenants: string[], acknowledged: Sent[]): Promise<Verdict> {
  const sql = rawSql(databaseUrl)
  try {
    const rows = await sql<{ tenant: string; event_id: string; times: number }[]>`
      select tenant, event_id, count(*)::int as times from llm_usage where tenant in ${sql(tenants)}
      group by 1, 2`
    const times = new Map(rows.map((row) => [`${row.tenant} ${row.event_id}`, row.times]))
    const told = new Set(acknowledged.map(({ tenant, id }) => `${tenant} ${id}`))
    const lost = [...told].filter((name) => !times.has(name)).length
    const duplicated = rows.filter((row) => row.times > 1).length
    const unknown = [...times.keys()].filter((name) => !told.has(name)).length

    const faults: string[] = []
    const expected = sumsOf(acknowledged)
    const tables = { calls: callsOf, 'the sums by the hour': hoursOf, 'the sums by user': usersOf }
    for (const [name, select] of Object.entries(tables)) {
      const found = new Map<string, Sums>()
      for (const row of await sql.unsafe<Row[]>(select, [`{${tenants.join(',')}}`])) found.set(row.key, readSums(row))
      for (const [key, sums] of Object.entries(expected(name === 'the sums by user')))
        if (!same(sums, found.get(key)))
          faults.push(`${name} of ${key}: clients reported ${show(sums)}, recorded is ${show(found.get(key))}`)
    }
    return { rows: rows.length, lost, duplicated, unknown, faults }
  } finally {
    await sql.end()
  }
}

type Row = { key: string; calls: string; input: string; output: string; cost: string }

const figures = (from: string, calls: string, key: string) => `
  select ${key} as key, ${calls}::text as calls, sum(input_tokens)::text as input, sum(output_tokens)::text as output,
    sum(cost_usd)::text as cost
  from ${from} where tenant = any($1::text[]) group by 1`
const callsOf = figures('llm_usage', 'count(*)', `tenant || ' ' || model`)
const hoursOf = figures(
  '(select tenant, model, requests, input_tokens, output_tokens, cost_usd from usage_hourly union all select tenant, model, requests, input_tokens, output_tokens, cost_usd from usage_deltas) as h',
  'sum(requests)',
  `tenant || ' ' || model`,
)
const usersOf = figures(
  '(select tenant, user_id, requests, input_tokens, output_tokens, cost_usd from usage_hourly_users union all select tenant, user_id, requests, input_tokens, output_tokens, cost_usd from usage_deltas) as u',
  'sum(requests)',
  `tenant || ' ' || user_id`,
)

const readSums = ({ calls, input, output, cost }: Row): Sums => ({
  calls: Number(calls),
  inputTokens: Number(input),
  outputTokens: Number(output),
  picoUsd: BigInt(Number(cost.split('.')[0])) * 1_000_000_000_000n + BigInt((cost.split('.')[1] ?? '').padEnd(12, '0')),
})

const sumsOf = (sent: Sent[]) => (byUser: boolean) => {
  const sums: Record<string, Sums> = {}
  for (const { tenant, user, model, inputTokens, outputTokens } of sent) {
    const sum = (sums[`${tenant} ${byUser ? user : model}`] ??= {
      calls: 0,
      inputTokens: 0,
      outputTokens: 0,
      picoUsd: 0n,
    })
    const rates = PICO_USD[model]
    if (!rates) throw new Error(`${model} has no price in this check`)
    sum.calls++
    sum.inputTokens += inputTokens
    sum.outputTokens += outputTokens
    sum.picoUsd += rates.input * BigInt(inputTokens) + rates.output * BigInt(outputTokens)
  }
  return sums
}

const same = (a: Sums, b: Sums | undefined) =>
  b !== undefined &&
  a.calls === b.calls &&
  a.inputTokens === b.inputTokens &&
  a.outputTokens === b.outputTokens &&
  a.picoUsd === b.picoUsd

const show = (sums: Sums | undefined) =>
  sums
    ? `${sums.calls} calls, ${sums.inputTokens} + ${sums.outputTokens} tokens, ${sums.picoUsd} · 10^-12 USD`
    : 'nothing'
