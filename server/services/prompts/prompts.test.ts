import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawSql } from '@/scripts/faults/raw-sql'
import type { Caller } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { activatePrompt } from './activate-prompt'
import { createPrompt } from './create-prompt'
import { createVersion } from './create-version'
import { promptHistory } from './prompt-history'
import { rollbackPrompt } from './rollback-prompt'

const stores = connectStores('gateway')
const sql = rawSql(process.env.DATABASE_URL ?? '')
const caller: Caller = { ...stores, actor: { kind: 'key', id: 'test', name: 'ci', role: 'operator' } }
const channel = 'production'

beforeAll(() => stores.redis.ready())
afterAll(async () => {
  await sql.end()
  await stores.close()
})

async function promptWith(versions: number): Promise<string> {
  const name = `test/${randomUUID()}`
  await createPrompt(caller, { name })
  for (let version = 1; version <= versions; version++)
    await createVersion(caller, { name, content: `Version ${version} of {{subject}}`, force: false })
  return name
}

const activate = (name: string, version: number, more: { expectedRevision?: number; reason?: string } = {}) =>
  activatePrompt(caller, { name, version, channel, ...more })
const rollback = (name: string) => rollbackPrompt(caller, { name, channel })
const historyOf = async (name: string) => (await promptHistory(stores, { name, channel, limit: 1000 })).activations
const liveOf = (name: string) => sql`
  select d.version, d.revision::int from prompt_deployments d join prompts p on p.id = d.prompt_id
  where p.name = ${name} and d.channel = ${channel}`
const auditOf = (name: string) => sql`
  select action, before, after, reason from audit
  where target = ${name} and action in ('prompts.activate', 'prompts.rollback') order by id`

describe('activate', () => {
  it('R3: writes pointer, history with before and after, audit and outbox, and says when each memory knew', async () => {
    const name = await promptWith(2)
    await activate(name, 1)
    const reply = await activate(name, 2, { reason: 'Shorter' })
    expect(reply).toMatchObject({ version: 2, previousVersion: 1, revision: 2 })
    expect(Date.parse(reply.appliedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(reply.committedAt))
    expect(await liveOf(name)).toEqual([{ version: 2, revision: 2 }])
    expect((await historyOf(name))[0]).toEqual({
      version: 2,
      previousVersion: 1,
      revision: 2,
      kind: 'activate',
      by: 'ci',
      reason: 'Shorter',
      at: reply.committedAt,
    })
    expect((await auditOf(name))[1]).toEqual({
      action: 'prompts.activate',
      before: { channel, version: 1, revision: 1 },
      after: { channel, version: 2, revision: 2 },
      reason: 'Shorter',
    })
    const notes = await sql`select done_at from outbox where payload->>'name' = ${name}`
    expect(notes).toHaveLength(2)
    expect(notes.every((note) => note.done_at !== null)).toBe(true)
  })

  it('R3: a version that does not exist changes nothing and says so', async () => {
    const name = await promptWith(1)
    await activate(name, 1)
    await expect(activate(name, 7)).rejects.toMatchObject({ code: 'not_found', field: 'version' })
    await expect(activate(`no ${name}`, 1)).rejects.toMatchObject({ code: 'not_found', field: 'name' })
    expect(await liveOf(name)).toEqual([{ version: 1, revision: 1 }])
    expect(await historyOf(name)).toHaveLength(1)
    expect(await auditOf(name)).toHaveLength(1)
  })

  it('R3: who expects another revision gets a conflict', async () => {
    const name = await promptWith(2)
    await expect(activate(name, 1, { expectedRevision: 3 })).rejects.toMatchObject({ code: 'conflict' })
    await activate(name, 1, { expectedRevision: 0 })
    await expect(activate(name, 2, { expectedRevision: 0 })).rejects.toMatchObject({ code: 'conflict' })
    expect(await activate(name, 2, { expectedRevision: 1 })).toMatchObject({ revision: 2 })
  })

  it('R10: a viewer may not, and nothing changes', async () => {
    const name = await promptWith(1)
    const viewer: Caller = { ...caller, actor: { ...caller.actor, role: 'viewer' } }
    await expect(activatePrompt(viewer, { name, version: 1, channel })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await liveOf(name)).toEqual([])
  })
})

describe('rollback', () => {
  it('goes back down a stack, step by step, and not forward again', async () => {
    const name = await promptWith(3)
    await expect(rollback(name)).rejects.toMatchObject({ code: 'conflict' })
    for (const version of [1, 2, 3]) await activate(name, version)
    expect(await rollback(name)).toMatchObject({ version: 2, previousVersion: 3, revision: 4 })
    expect(await rollback(name)).toMatchObject({ version: 1, previousVersion: 2, revision: 5 })
    await expect(rollback(name)).rejects.toMatchObject({ code: 'conflict' })
    await activate(name, 3)
    await activate(name, 3)
    expect(await rollback(name)).toMatchObject({ version: 1, revision: 8 })
    expect((await historyOf(name)).map(({ kind }) => kind[0]).join('')).toBe('raarraaa')
  })
})

describe('many at once', () => {
  it('R1 R3: of those who saw the same revision one wins, revisions have no gap, and history and audit agree', async () => {
    const name = await promptWith(4)
    await activate(name, 1)
    let conflicts = 0
    for (let round = 0; round < 6; round++) {
      const [live] = await liveOf(name)
      const before = Number(live?.revision)
      const outcomes = await Promise.allSettled(
        Array.from({ length: 16 }, (_, index) =>
          round % 3 === 2
            ? index % 2
              ? rollback(name)
              : activate(name, 1 + (index % 4))
            : activate(name, 1 + (index % 4), { expectedRevision: before }),
        ),
      )
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
      expect(lost.map(({ reason }) => (reason as { code?: string }).code)).toEqual(lost.map(() => 'conflict'))
      if (round % 3 !== 2) expect(lost).toHaveLength(15)
      conflicts += lost.length
      expect(Number((await liveOf(name))[0]?.revision)).toBe(before + 16 - lost.length)
    }
    expect(conflicts).toBeGreaterThan(60)
    const history = (await historyOf(name)).reverse()
    expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => index + 1))
    history.forEach((row, index) => expect(row.previousVersion).toBe(history[index - 1]?.version ?? null))
    expect((await auditOf(name)).map(({ after }) => [after.revision, after.version])).toEqual(
      history.map(({ revision, version }) => [revision, version]),
    )
    expect(await liveOf(name)).toEqual([{ version: history.at(-1)?.version, revision: history.length }])
  })

  it('R3: of the first activations of a channel one wins', async () => {
    const name = await promptWith(2)
    const outcomes = await Promise.allSettled(
      [1, 2, 1, 2].map((version) => activate(name, version, { expectedRevision: 0 })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await historyOf(name)).toHaveLength(1)
  })

  it('R2: versions are numbered without gaps', async () => {
    const name = await promptWith(0)
    const made = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        createVersion(caller, { name, content: `Number ${index}`, force: false }),
      ),
    )
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, i) => i + 1),
    )
  })
})

describe('versions', () => {
  it('the same again needs force; another model or config is not the same', async () => {
    const name = await promptWith(0)
    const add = (more: object) =>
      createVersion(caller, { name, content: 'Hello {{user}}, {{ user }} {{b.c}}', force: false, ...more })
    await add({})
    await expect(add({})).rejects.toMatchObject({ code: 'conflict', field: 'content' })
    expect(await add({ force: true })).toEqual({ version: 2 })
    expect(await add({ model: 'gpt-4o' })).toEqual({ version: 3 })
    expect(await add({ model: 'gpt-4o', config: { b: 1, a: [2] } })).toEqual({ version: 4 })
    await expect(add({ model: 'gpt-4o', config: { a: [2], b: 1 } })).rejects.toMatchObject({ code: 'conflict' })
    const [row] =
      await sql`select variables from prompt_versions v join prompts p on p.id = v.prompt_id where p.name = ${name} limit 1`
    expect(row?.variables).toEqual('{user,b.c}')
  })

  it('R2: the database itself refuses to change or delete one', async () => {
    const name = await promptWith(1)
    const its = sql`prompt_id = (select id from prompts where name = ${name})`
    await expect(sql`update prompt_versions set content = 'other' where ${its}`).rejects.toThrow('append-only')
    await expect(sql`delete from prompt_versions where ${its}`).rejects.toThrow('append-only')
    await expect(sql`truncate prompt_versions cascade`).rejects.toThrow('append-only')
    expect(await sql`select content from prompt_versions where ${its}`).toEqual([
      { content: 'Version 1 of {{subject}}' },
    ])
  })

  it('a name can be taken once', async () => {
    const name = await promptWith(0)
    await expect(createPrompt(caller, { name })).rejects.toMatchObject({ code: 'conflict', field: 'name' })
  })
})
