import { randomUUID } from 'node:crypto'
import { embedLocally, LOCAL_MODEL } from '../server/services/vectors/models/local-embedder'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const tenant = `reembed-${randomUUID().slice(0, 8)}`
const ROWS = 40
const memory = (call: string, body: unknown) =>
  gateway<{ items: { id: string }[] }>('POST', `/v1/memory/${tenant}/${call}`, body, demo.appKey)
const old = (n: number) => [Math.cos(n), Math.sin(n), n / ROWS]

test('the embedding model of a tenant is changed: previewed, filled, switched, gone back from, and the old vectors dropped', async ({
  operator: page,
}) => {
  test.slow()
  await memory('items', {
    items: Array.from({ length: ROWS }, (_, n) => ({
      id: `i-${n}`,
      content: `Customer ${n} asks about invoice ${n * 7}`,
      kind: 'note',
      embedding: old(n),
      embeddingModel: 'journey-old',
    })),
  })
  await page.goto(`${demo.consoleUrl}/vectors?tenant=${tenant}`)
  await expect(page.getByText('Searched by journey-old, 3 dimensions.')).toBeVisible({ timeout: 30_000 })

  await page.getByRole('link', { name: 'Models', exact: true }).click()
  const models = page.getByRole('table', { name: 'Embedding models' })
  await expect(models.getByRole('row').filter({ hasText: LOCAL_MODEL })).toContainText('local, not semantic')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Tenants', exact: true }).click()

  await page.getByRole('button', { name: 'Change the embedding model' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Items, counted now')).toBeVisible()
  await expect(dialog).toContainText('nothing: computed here')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Begin' }).click()
  const status = page.getByRole('status', { name: 'Change of the embedding model' })
  await expect(status).toContainText(`Whole: every item has its vector of ${LOCAL_MODEL}`, { timeout: 60_000 })
  await expectAccessible(page)
  expect((await memory('search', { embedding: old(7), k: 1 })).items[0]?.id).toBe('i-7')

  const confirm = async (button: string, answer: string) => {
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('dialog').getByRole('button', { name: answer, exact: true }).click()
    await expect(page.getByRole('dialog')).toBeHidden()
  }
  await confirm(`Switch to ${LOCAL_MODEL}`, 'Switch')
  await expect(status).toContainText(`Switched: searched by ${LOCAL_MODEL}`)
  const question = { embedding: embedLocally('What about invoice 63?'), k: 1, embeddingModel: LOCAL_MODEL }
  expect((await memory('search', question)).items[0]?.id).toBe('i-9')
  await expect(memory('search', { embedding: old(7), k: 1 })).rejects.toThrow(LOCAL_MODEL)

  await confirm('Go back to journey-old', 'Go back')
  await expect(status).toContainText('Searches are still by journey-old')
  expect((await memory('search', { embedding: old(7), k: 1 })).items[0]?.id).toBe('i-7')

  await confirm(`Switch to ${LOCAL_MODEL}`, 'Switch')
  await page.getByRole('button', { name: 'Drop the vectors of journey-old' }).click()
  await page.getByRole('dialog').getByLabel(`Type ${tenant} to confirm`).fill(tenant)
  await page.getByRole('dialog').getByRole('button', { name: 'Drop them' }).click()
  await expect(page.getByText(`Searched by ${LOCAL_MODEL}, 256 dimensions.`)).toBeVisible({ timeout: 60_000 })
  expect((await memory('search', question)).items[0]?.id).toBe('i-9')
})
