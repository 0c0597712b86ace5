import { randomInt, randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectPostgres } from '@/db/postgres/client'
import { postgresEnv } from '@/db/postgres/env'
import { differencesOf, hoursFrom, usageRules } from './usage-checks'
import { sumUpStaleDay } from './usage-days'
import { foldDeltas } from './usage-fold'
import { batchOf, insertUsage, type NewUsage } from './usage-ingest'
import { addUsageMonths } from './usage-partitions'
import { sumUpStaleHours } from './usage-summaries'

const db = connectPostgres({ ...postgresEnv(), deadlineMs: 30_000, applicationName: 'usage-checks-test' })
const tenant = `checks-${randomUUID().slice(0, 8)}`
/** Hours that no other test writes to. */
const start = Date.UTC(2022, 2, 1) + randomInt(24) * 24 * 3_600_000 + 23 * 3_600_000
const window = { from: new Date(start), to: new Date(start + 2 * 3_600_000) }

const call = (n: number): NewUsage => ({
  key_id: null,
  tenant,
  event_id: `call-${n}`,
  occurred_at: new Date(start + n * 60_000).toISOString(),
  user_id: n % 3 ? `u-${n % 5}` : null,
  conversation: null,
  provider: 'openai',
  model: n % 2 ? 'gpt-4o-mini' : 'gpt-4o',
  input_tokens: 100 + n,
  output_tokens: 10,
  cached_input_tokens: n,
  cache_write_tokens: 0,
  latency_ms: 100,
  ttft_ms: null,
  prompt_name: n % 4 ? 'support' : null,
  prompt_version: n % 4 ? 1 : null,
  cached: n % 10 === 0,
  status: n % 7 ? 'ok' : 'error',
  cost_usd: n % 10 === 0 ? '0' : n % 9 ? '0.000123456789' : null,
  price_id: null,
})

beforeAll(async () => {
  await db.transaction((tx) => addUsageMonths(tx, ['2022-03']))
  await insertUsage(db, batchOf(Array.from({ length: 60 }, (_, n) => call(n))))
  while ((await foldDeltas(db, 5_000)) > 0);
  await db.transaction((tx) => sumUpStaleHours(tx, { endedBefore: window.to, limit: 1_000 }))
  while (await db.transaction((tx) => sumUpStaleDay(tx, { endedBefore: window.to })));
  await insertUsage(db, batchOf(Array.from({ length: 60 }, (_, n) => call(60 + n))))
})
afterAll(() => db.close())

/** What is found after `harm`, which is undone before anybody else can see it. */
async function foundAfter(harm: string): Promise<string[]> {
  let found: string[] = []
  await db
    .transaction(async (tx) => {
      await tx.execute(sql.raw(harm))
      found = (await differencesOf(tx, window)).map(({ check }) => check)
      tx.rollback()
    })
    .catch(() => {})
  return found
}

const mine = `tenant = '${tenant}'`
const rules = usageRules.map(({ rule }) => rule)
const [byModel, byUser, byStatus, byDay, byBlock, usersByDay, usersByBlock, statusesByDay, statusesByBlock] = rules
const [ledger, cached, hit] = rules.slice(-3)

describe('R7: what must hold of any window', () => {
  it('holds, with some of it folded and summed up and some not', async () => {
    expect(await differencesOf(db, window)).toEqual([])
  })

  it.each([
    [
      'a call that is in no sum',
      `update llm_usage set output_tokens = 11 where ${mine} and event_id = 'call-7'`,
      [byModel, byUser, byStatus],
    ],
    [
      'a cost that lost its last digit',
      `update usage_hourly set cost_usd = cost_usd - 0.000000000001 where ${mine}`,
      [byModel],
    ],
    ['a user counted twice', `update usage_hourly_users set requests = requests * 2 where ${mine}`, [byUser]],
    [
      'a status of another hour',
      `update usage_hourly_statuses set hour = hour + interval '1 hour' where ${mine}`,
      [byStatus],
    ],
    ['a delta lost before it was folded', `delete from usage_deltas where ${mine}`, [byModel, byUser]],
    [
      'a day that lost a call',
      `update usage_daily set requests = requests - 1 where ${mine} and days = 1`,
      [byDay, byBlock],
    ],
    [
      'a block counted twice',
      `insert into usage_daily select * from usage_daily where ${mine} and days = 8`,
      [byBlock],
    ],
    ['a block that is gone', `delete from usage_daily where ${mine} and days = 4`, [byBlock]],
    [
      'a day with the calls of another user',
      `update usage_daily_users set user_id = 'u-9' where ${mine} and days = 1 and user_id is not null`,
      [usersByDay, usersByBlock],
    ],
    [
      'a day whose errors went right',
      `update usage_daily_statuses set errors = 0 where ${mine} and days = 1`,
      [statusesByDay, statusesByBlock],
    ],
    [
      'an event that left the ledger',
      `delete from usage_events where id = usage_event_id('${tenant}', 'call-70')`,
      [ledger],
    ],
    [
      'a row written twice',
      `insert into llm_usage select * from llm_usage where ${mine} and event_id = 'call-99'`,
      [byModel, byUser, ledger],
    ],
    [
      'more cached tokens than input',
      `update llm_usage set input_tokens = 1 where ${mine} and event_id = 'call-50'`,
      [byModel, byUser, byStatus, cached],
    ],
    [
      'a hit that costs',
      `update llm_usage set cost_usd = 1 where ${mine} and event_id = 'call-10'`,
      [byModel, byUser, byStatus, hit],
    ],
  ])('finds %s', async (_, harm, expected) => {
    const found = await foundAfter(harm)
    for (const rule of expected) expect(found).toContain(rule)
    expect(await differencesOf(db, window)).toEqual([])
  })

  it('shows the difference and the question that finds it', async () => {
    const harm = `update usage_hourly set requests = requests + 1 where ${mine} and model = 'gpt-4o' and prompt_name is null`
    let shown: unknown
    await db
      .transaction(async (tx) => {
        await tx.execute(sql.raw(harm))
        const [difference] = await differencesOf(tx, window)
        const asked = await tx.execute(sql.raw(difference?.query ?? ''))
        shown = [difference?.check, difference?.rows.length, asked.length, difference?.rows[0]]
        tx.rollback()
      })
      .catch(() => {})
    expect(shown).toEqual([byModel, 1, 1, expect.objectContaining({ tenant, model: 'gpt-4o', requests: '-1' })])
  })
})

it('takes the first hours with usage, no more calls than asked, and at least one hour', async () => {
  const from = new Date(start - 30 * 60_000)
  const next = await hoursFrom(db, from, { hours: 24, calls: 1 })
  expect(next).toEqual({ from: new Date(start), to: new Date(start + 3_600_000) })
  expect(await hoursFrom(db, new Date('2100-01-01'), { hours: 1, calls: 1 })).toBeNull()
})
