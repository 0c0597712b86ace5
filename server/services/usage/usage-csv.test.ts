import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from './ingest-usage'
import { usageCsv } from './usage-csv'
import type { UsageScope } from './usage.schema'

const stores = connectStores('console')
afterAll(() => stores.close())

const scope: UsageScope = {
  tenant: `csv-${randomUUID().slice(0, 18)}`,
  range: null,
  from: '2026-02-03T00:00:00Z',
  to: '2026-02-04T00:00:00Z',
  timezone: 'UTC',
  provider: null,
  model: null,
  user: null,
  prompt: null,
  status: null,
}

describe('the CSV of the Usage page', () => {
  it('has every digit of the cost, and no cell that a spreadsheet would run as a formula', async () => {
    const users = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\tx', 'plain, "quoted"']
    const events = users.map((user, n) => ({
      id: randomUUID(),
      tenant: scope.tenant,
      user,
      provider: 'openai',
      model: 'gpt-4o-mini',
      inputTokens: 1_000 * (users.length - n),
      outputTokens: 1,
      occurredAt: '2026-02-03T10:00:00Z',
    }))
    await ingestUsage(stores, { key: { id: null, tenants: null, simulated: false }, events })
    const { name, rows } = await usageCsv(stores, { ...scope, by: 'user' })
    expect(name).toBe('usage-by-user-2026-02-03-to-2026-02-04.csv')
    const lines = (await text(rows))
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n')
    expect(lines[0]).toBe(
      'tenant,user,requests,errors,cache_hits,input_tokens,cached_input_tokens,cache_write_tokens,output_tokens,cost_usd,unpriced_requests',
    )
    const cells = lines.slice(1).map((line) => line.slice(`${scope.tenant},`.length))
    expect(cells[0]).toBe(`"'=HYPERLINK(""http://x"")",1,0,0,6000,0,0,1,0.0009006,0`)
    expect(cells.slice(1, 5).map((cell) => cell.split(',')[0])).toEqual(["'+1", "'-1", "'@SUM(A1)", "'\tx"])
    expect(cells[5]).toMatch(/^"plain, ""quoted""",1,/)
  })
})
