import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectCaller } from '@/scripts/checks/caller'
import { outputFile, startMembers } from '@/scripts/checks/cluster'
import { type CheckedEngines, engines } from '@/scripts/checks/engines'
import type { Member } from '@/scripts/checks/member'
import { rawSql } from '@/scripts/faults/raw-sql'
import { createKey } from '@/server/services/keys/create-key'
import type { Sent } from './client'
import { judgeLedger } from './judge'
import { checkLedger } from './run'

/** A short run of `npm run check:ledger`, on engines of its own: its worker must not meet what other tests write. */
const output = outputFile(mkdtempSync(join(tmpdir(), 'engram-ledger-')))
let stores: CheckedEngines
let members: Member[] = []
let key = ''
let databaseUrl = ''

beforeAll(async () => {
  stores = await engines({})
  databaseUrl = stores.databaseUrl
  const caller = await connectCaller(stores)
  key = (await createKey(caller, { name: 'Ledger', scope: 'app', tenants: null })).key
  await caller.close()
  members = await startMembers({ gateways: 1, workers: 1 }, stores, output)
})
afterAll(async () => {
  await Promise.all(members.map((member) => member.stop()))
  output.close()
  await stores.stop()
})

it('R6 R7: nothing acknowledged is lost, doubled or summed wrongly while gateways and workers are killed', async () => {
  const outcome = await checkLedger({ databaseUrl, members, key, cycles: 4, clients: 2, seed: 7, postgres: null })
  expect(outcome).toMatchObject({ lost: 0, duplicated: 0, unknown: 0, faults: [], rows: outcome.acknowledged })
  expect(outcome.acknowledged).toBeGreaterThan(100)
}, 180_000)

it('R6 R7: the judge sees a row that is missing, one that nobody reported, and a cost that is off by a trillionth', async () => {
  const sent = (id: string): Sent => ({
    id,
    tenant: `ledger-judge-${process.pid}`,
    user: 'u',
    provider: 'openai',
    model: 'gpt-4o-mini',
    inputTokens: 3,
    outputTokens: 1,
    occurredAt: new Date().toISOString(),
  })
  const [tenant = ''] = [sent('').tenant]
  const post = (events: Sent[]) =>
    fetch(`${members[0]?.url}/v1/usage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    })
  expect((await post([sent('a'), sent('b')])).status).toBe(200)
  expect(await judgeLedger(databaseUrl, [tenant], [sent('a'), sent('b')])).toMatchObject({
    lost: 0,
    unknown: 0,
    faults: [],
  })
  expect(await judgeLedger(databaseUrl, [tenant], [sent('a'), sent('b'), sent('c')])).toMatchObject({ lost: 1 })
  const short = await judgeLedger(databaseUrl, [tenant], [sent('a')])
  expect(short.unknown).toBe(1)
  expect(short.faults).toHaveLength(3)
  const sql = rawSql(databaseUrl)
  await sql`update llm_usage set cost_usd = cost_usd + 0.000000000001 where tenant = ${tenant} and event_id = 'a'`
  const { faults } = await judgeLedger(databaseUrl, [tenant], [sent('a'), sent('b')])
  await sql`update llm_usage set cost_usd = cost_usd - 0.000000000001 where tenant = ${tenant} and event_id = 'a'`
  await sql.end()
  expect(faults).toEqual([expect.stringMatching(/^calls of .*2100001 · 10\^-12 USD$/)])
}, 60_000)
