import postgres from 'postgres'
import { demo, expect, gateway, test } from './fixtures'

const run = Date.now().toString(36)
const namespace = `replies-${run}`
const [culprit, bystander] = [`northwind-${run}`, `contoso-${run}`]
const sql = postgres(demo.databaseUrl, { max: 1, prepare: false, onnotice: () => {} })

/** What gateways write of each minute: both tenants at 80 % for half an hour, then one of them at 20 %. */
test.beforeAll(async () => {
  for (const tenant of [culprit, bystander]) await gateway('PUT', `/v1/tenants/${tenant}`, { name: tenant })
  const minute = Math.floor(Date.now() / 60_000) * 60_000
  const rows = Array.from({ length: 50 }, (_, ago) => ago + 1).flatMap((ago) =>
    [culprit, bystander].map((tenant) => {
      const hits = tenant === culprit && ago <= 20 ? 4_000 : 16_000
      return {
        minute: new Date(minute - ago * 60_000).toISOString(),
        namespace,
        tenant,
        process: run,
        hits,
        misses: 20_000 - hits,
        saved_usd: (hits * 0.002).toFixed(12),
      }
    }),
  )
  await sql`insert into cache_lookups ${sql(rows)}`
  const sessions = rows.map(({ minute, tenant, process }) => ({ minute, tenant, process, namespace: '' }))
  await sql`insert into cache_lookups ${sql(sessions.map((row) => ({ ...row, family: 'sessions', hits: 30_000, misses: 10_000, saved_usd: 0 })))}`
})
test.afterAll(async () => {
  await sql`delete from cache_lookups where process = ${run}`
  await sql.end()
})

test('J4: from the Overview in two clicks to the family and tenant that a fall comes from, since when, and its cost', async ({
  operator: page,
}) => {
  await page.goto(`${demo.consoleUrl}/?range=1h`)
  const verdicts = page.getByRole('list', { name: 'Verdicts' })
  const fall = verdicts.getByRole('listitem').filter({ hasText: /Hit rate.* fell from/ })
  await expect(fall).toContainText(`${namespace} / ${culprit}`)

  // One.
  await fall.getByRole('link', { name: 'Open in Cache' }).click()
  const why = page.getByRole('region', { name: 'Why the hit rate fell' })
  await expect(why).toContainText(/since \d/)
  const row = why.getByRole('row').filter({ hasText: culprit })
  await expect(row).toContainText(`answers / ${namespace} / ${culprit}`)
  // Half an hour at 80 %; with the minute of the fall itself where a bucket begins in it, 24.2 of 31.
  await expect(row).toContainText(/80\.0\s%|78\.1\s%/)
  await expect(row).toContainText('20.0 %')
  // 20 minutes of 20,000 look-ups, 60 points fewer of them hits, each of which spared $0.002.
  await expect(row).toContainText('240,000')
  await expect(row).toContainText('about $480')
  await expect(why.getByRole('row').filter({ hasText: bystander })).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(`namespace=${namespace}&.*tenant=${culprit}`))

  // Two: the same range without the filter, where the other tenant's line goes on as it was.
  await page.getByRole('link', { name: 'All namespaces' }).click()
  await expect(page).not.toHaveURL(/namespace=/)
})

test('every family of look-ups says how often it hits, and of one family each namespace and tenant', async ({
  operator: page,
}) => {
  await page.goto(`${demo.consoleUrl}/cache?range=1h`)
  const families = page.getByRole('region', { name: 'Look-ups by family' })
  await expect(families.getByRole('row').filter({ hasText: 'Sessions' })).toContainText('75.0 %')
  await expect(families.getByRole('row').filter({ hasText: 'Answer cache' })).toBeVisible()
  // Far more than this Redis ever counted: R12, samples that do not cover what our calls did.
  await expect(families).toContainText(/INFO counted [\d,]+ look-ups, [\d,]+ fewer than our calls/)

  await families.getByRole('link', { name: 'Sessions' }).click()
  const sessions = page.getByRole('region', { name: 'Look-ups: Sessions' })
  await expect(sessions.getByRole('row').filter({ hasText: culprit })).toContainText('2,000,000')
  await sessions.getByRole('link', { name: 'All families' }).click()
  await expect(families).toBeVisible()
})
