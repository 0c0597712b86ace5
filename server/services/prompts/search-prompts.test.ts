import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '@/server/services/context'
import { findPrompts } from '@/server/services/shell/find-prompts'
import { connectStores } from '@/server/services/stores'
import { createPrompt } from './create-prompt'
import { createVersion } from './create-version'
import { searchPrompts } from './search-prompts'

const stores = connectStores('console')
const caller: Caller = { ...stores, actor: { kind: 'key', id: 'test', name: 'ci', role: 'operator' } }
const run = randomUUID().slice(0, 8)

async function promptWith(name: string, contents: string[], description?: string) {
  await createPrompt(caller, { name, description })
  for (const content of contents) await createVersion(caller, { name, content, force: false })
  return name
}
const search = async (text: string) => {
  const { rows, total } = await searchPrompts(stores.db, { search: text, limit: 200 })
  return { total, found: rows.map(({ name, match }) => [name, match?.version ?? null]) }
}

const old = `search/${run}/old`
const two = `search/${run}/two`
beforeAll(async () => {
  await stores.redis.ready()
  await promptWith(old, [`Refund within 30 days ${run}-apple`, 'Never refund', 'Never'])
  await promptWith(two, [
    'One',
    `Both: ${run}-APPLE\nand 100%_\\ {{x}} ${run}`,
    `Again ${run}-apple, twice ${run}-apple`,
  ])
})
afterAll(() => stores.close())

describe('a search', () => {
  it('looks into all versions, says which one is the newest that matched, and puts the newest match first', async () => {
    expect(await search(`${run}-apple`)).toEqual({ total: 2, found: [[two, 3], [old, 1]] }) // prettier-ignore
  })

  it('shows the text around the match', async () => {
    const { rows } = await searchPrompts(stores.db, { search: `${run}-apple`, limit: 200 })
    const match = rows[0]?.match
    expect(match?.text).toBe(`Again ${run}-apple, twice ${run}-apple`)
    expect(match?.text.slice(match.before, match.before + run.length + 6)).toBe(`${run}-apple`)
  })

  it('shows the text around it also far inside a content', async () => {
    const name = await promptWith(`search/${run}/long`, [
      `${'word '.repeat(20_000)}${run}-needle${' tail'.repeat(5_000)}`,
    ])
    const { rows } = await searchPrompts(stores.db, { search: `${run}-NEEDLE`, limit: 10 })
    expect(rows.map((row) => row.name)).toEqual([name])
    const { text = '', before = 0 } = rows[0]?.match ?? {}
    expect(text.length).toBeLessThan(200)
    expect(text.slice(before)).toMatch(new RegExp(`^${run}-needle tail`))
  })

  it('takes what is typed as text, not as a pattern', async () => {
    expect((await search('100%_\\')).found).toContainEqual([two, 2])
    expect((await search(`${run}%`)).found).toEqual([])
    expect((await search(`${run}_apple`)).found).toEqual([])
  })

  it('finds names and descriptions first, also by one letter', async () => {
    const named = await promptWith(`search/${run}/${run}-apple`, ['Nothing here'], 'x')
    const described = await promptWith(`search/${run}/d`, [], `About ${run}-apple`)
    const { found } = await search(`${run}-apple`)
    expect(found.slice(0, 2).sort()).toEqual([[described, null], [named, null]].sort()) // prettier-ignore
    expect((await search('~')).found.length).toBeLessThanOrEqual(200)
  })

  it('finds nothing where nothing is', async () => {
    expect(await search(`${run}-pear`)).toEqual({ total: 0, found: [] })
  })

  it('asks each prompt for its newest match where a text is common', async () => {
    const common = `${run}-common`
    const names = await Promise.all(
      Array.from({ length: 3 }, async (_, n) => {
        const name = await promptWith(`search/${run}/common-${n}`, [])
        await stores.db.execute(`insert into prompt_versions (prompt_id, version, content, created_by)
          select id, v, '${common} ' || v, 'bulk' from prompts, generate_series(1, 800) v where name = '${name}'`)
        return name
      }),
    )
    const { total, found } = await search(common)
    expect(total).toBe(3)
    expect(found.sort()).toEqual(names.map((name) => [name, 800]).sort())
  }, 60_000)

  it('the command palette finds prompts by name', async () => {
    expect((await findPrompts(stores, { search: `${run}/old` })).prompts).toEqual([old])
  })
})
