import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { connectCaller } from '@/scripts/checks/caller'
import { outputFile, startMembers } from '@/scripts/checks/cluster'
import { type CheckedEngines, engines } from '@/scripts/checks/engines'
import type { Member } from '@/scripts/checks/member'
import { ownDatabase } from '@/scripts/engines/own-database'
import { rawSql } from '@/scripts/faults/raw-sql'
import { seeded } from '@/scripts/simulate/random'
import { createKey } from '@/server/services/keys/create-key'
import { asMemory, judgeAnswer, newItem, randomVector } from './items'
import { judgeCatalogs } from './judge'
import { checkVectors, preferIndexes } from './run'

/** A short run of `npm run check:vectors`, on a database of its own: its worker must not meet what other tests write. */
const given = inject('enginesGiven')
const output = outputFile(mkdtempSync(join(tmpdir(), 'engram-vectors-')))
let stores: CheckedEngines
let caller: Awaited<ReturnType<typeof connectCaller>>
let members: Member[] = []
let key = ''

beforeAll(async () => {
  const databaseUrl = given ? await ownDatabase(process.env.DATABASE_URL ?? '', 'engram_check_vectors') : undefined
  stores = await engines({ databaseUrl })
  await preferIndexes(stores.databaseUrl)
  caller = await connectCaller(stores)
  key = (await createKey(caller, { name: 'Vectors', scope: 'operator', tenants: null })).key
  members = await startMembers({ gateways: 1, workers: 1 }, stores, output)
})
afterAll(async () => {
  await Promise.all(members.map((member) => member.stop()))
  await caller.close()
  output.close()
  await stores.stop()
})

it('R5 R11: tenants come and go while the worker is killed: no search of others fails, and nothing is left of them', async () => {
  const sizes = { cycles: 1, lanes: 1, clients: 2, rows: given ? 200 : 60, seed: 5 }
  const outcome = await checkVectors({ ...sizes, stores, caller, members, key, postgres: null, control: null })
  expect(outcome).toMatchObject({ cycles: 1, failures: [], faults: [], refused: 0 })
  expect(outcome.cycleRecalls).toHaveLength(4)
  expect(outcome.answered).toBeGreaterThan(100)
  expect(outcome.kills.worker).toBeGreaterThan(0)
}, 240_000)

it('the judge of catalogs names what is left', async () => {
  await Promise.all(members.splice(0).map((member) => member.stop())) // they would clear it up
  const sql = rawSql(stores.databaseUrl)
  await sql.unsafe(`insert into tenants (slug, name) values ('cycle-left', 'Left'), ('steady-left', 'Left')`)
  for (const tenant of ['cycle-left', 'steady-left']) await sql`select add_memory_partition(${tenant})`
  expect(await judgeCatalogs(caller, stores.databaseUrl, [])).toEqual(['steady-left has 0 vector indexes'])

  const [held] = await sql<{ n: number }[]>`select number as n from memory_partitions where tenant = 'cycle-left'`
  const left = `memory_t${held?.n}`
  await sql.unsafe(`alter table memory detach partition ${left}`)
  await sql.unsafe(`alter table ${left} add column extra text`)
  await sql.unsafe(`create index left_index on ${left} using hnsw ((embedding::vector(2)) vector_l2_ops)`)
  await sql.unsafe(`update pg_index set indisvalid = false where indexrelid = 'left_index'::regclass`)
  await sql.unsafe(`create table memory_load_${held?.n}_0 (line int)`)
  await sql.unsafe(
    `insert into jobs (kind, tenant, params, requested_by) values ('memory.vacuum', 'cycle-left', '{}', 'me')`,
  )
  await sql.unsafe(`update memory_partitions set leaving_at = now() where tenant = 'cycle-left'`)
  const faults = await judgeCatalogs(caller, stores.databaseUrl, [{ tenant: 'steady-left', rows: 3 }])
  const named = [
    `${left} has other columns than memory`,
    `${left} of cycle-left is not attached`,
    'cycle-left has 1 vector indexes',
    'jobs holds 1 rows of cycle-left',
    'memory.vacuum of cycle-left is still queued',
    `memory_load_${held?.n}_0 waits for a load that is over`,
    'steady-left has 0 vector indexes',
    'steady-left holds 0 items instead of 3',
    'the index left_index is not valid',
    'the memory of cycle-left is in the middle of something',
  ]
  expect(faults.sort()).toEqual(named.sort())
  await sql.unsafe(`delete from memory_partitions where tenant = 'cycle-left'`)
  expect(await judgeCatalogs(caller, stores.databaseUrl, [])).toContain(`${left} is a partition of nobody`)
  await sql.end()
}, 60_000)

it('the judge of answers sees one that is short, of another tenant, changed, doubled, or far off', () => {
  const random = seeded(1)
  const items = Array.from({ length: 30 }, (_, n) => newItem('mine', `i${n}`, random))
  const question = { embedding: randomVector(random), k: 5 }
  const memory = asMemory(items)
  const all = items.map((item) => ({ ...item, distance: cosine(question.embedding, item.embedding) }))
  const sorted = all.sort((a, b) => a.distance - b.distance)
  const answer = sorted.slice(0, 5)
  expect(judgeAnswer(memory, question, answer)).toEqual({ wrong: null, recall: 1 })
  expect(judgeAnswer(memory, question, [...answer.slice(0, 4), ...sorted.slice(9, 10)])).toEqual({
    wrong: null,
    recall: 0.8,
  })
  const [first, ...rest] = answer
  if (!first) throw new Error('no answer')
  const wrongs = [
    rest,
    [{ ...first, id: 'theirs' }, ...rest],
    [{ ...first, content: 'other' }, ...rest],
    [{ ...first, distance: first.distance - 0.1 }, ...rest],
    [...rest, first],
    [first, first, ...rest.slice(1)],
  ].map((found) => judgeAnswer(memory, question, found).wrong)
  expect(wrongs).not.toContain(null)
})

function cosine(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, n) => sum + value * (y[n] ?? 0), 0)
  return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}
