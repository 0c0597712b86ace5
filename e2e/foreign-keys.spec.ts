import { demo, expect, test } from './fixtures'

const run = Date.now().toString(36)

test('a family of foreign keys is declared by its pattern, refused by field, and forgotten with undo', async ({
  operator: page,
}) => {
  await page.goto(`${demo.consoleUrl}/cache`)
  const foreign = page.getByRole('region', { name: 'Foreign keys' })
  await foreign.getByRole('button', { name: 'Declare a family' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(`carts ${run}`)
  await dialog.getByLabel('Pattern').fill('*')
  await dialog.getByRole('button', { name: 'Declare family' }).click()
  await expect(dialog).toContainText('must begin with a character that is no wildcard')
  await dialog.getByLabel('Pattern').fill(`cart-${run}:*`)
  await dialog.getByRole('button', { name: 'Declare family' }).click()
  await expect(dialog).toHaveCount(0)
  const row = foreign.getByRole('row').filter({ hasText: `cart-${run}:*` })
  await expect(row).toContainText(`carts ${run}`)

  await foreign.getByRole('button', { name: `Forget carts ${run}` }).click()
  await expect(row).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toHaveCount(1)
  await foreign.getByRole('button', { name: `Forget carts ${run}` }).click()
  await expect(row).toHaveCount(0)
})
