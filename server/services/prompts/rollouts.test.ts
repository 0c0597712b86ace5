import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawSql } from '@/scripts/faults/raw-sql'
import type { Caller } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { activatePrompt } from './activate-prompt'
import { createPrompt } from './create-prompt'
import { createVersion } from './create-version'
import { previewRollback } from './preview-rollback'
import { promptHistory } from './prompt-history'
import { promptReader } from './prompt-reader'
import type { ArmWeight } from './prompts.schema'
import { rollOutPrompt } from './roll-out-prompt'
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

/** With its first versions made; those that are named are activated one after the other. */
async function promptWith(versions: number, ...live: number[]): Promise<string> {
  const name = `test/${randomUUID()}`
  await createPrompt(caller, { name })
  for (let version = 1; version <= versions; version++)
    await createVersion(caller, { name, content: `Version ${version}`, force: false })
  for (const version of live) await activate(name, version)
  return name
}

const activate = (name: string, version: number) => activatePrompt(caller, { name, version, channel })
const rollback = (name: string) => rollbackPrompt(caller, { name, channel })
const arms = (...shares: [version: number, weight: number][]): ArmWeight[] =>
  shares.map(([version, weight]) => ({ version, weight }))
const rollOut = (name: string, weights: ArmWeight[], more: { expectedRevision?: number; reason?: string } = {}) =>
  rollOutPrompt(caller, { name, channel, arms: weights, ...more })
const historyOf = async (name: string) => (await promptHistory(stores, { name, channel, limit: 1000 })).activations
const pointerOf = async (name: string) => {
  const [row] = await sql`
    select d.version, d.revision::int, d.rollout from prompt_deployments d join prompts p on p.id = d.prompt_id
    where p.name = ${name} and d.channel = ${channel}`
  return row && { version: Number(row.version), revision: Number(row.revision), rollout: json(row.rollout) }
}
const json = (value: unknown) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value)

it('R3: writes pointer, history, audit and outbox, and keeps the salt while the weights change', async () => {
  const name = await promptWith(2, 1)
  const reply = await rollOut(name, arms([2, 10], [1, 90]), { reason: 'Try it', expectedRevision: 1 })
  expect(reply).toMatchObject({ version: 1, previousVersion: 1, revision: 2, arms: arms([1, 90], [2, 10]) })
  expect(Date.parse(reply.appliedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(reply.committedAt))
  const begun = (await pointerOf(name))?.rollout as { salt: string }
  expect(begun).toMatchObject({
    arms: [
      { version: 1, weight: 90, buckets: [[0, 9000]] },
      { version: 2, weight: 10, buckets: [[9000, 10000]] },
    ],
  })
  await rollOut(name, arms([1, 50], [2, 50]))
  expect(await pointerOf(name)).toMatchObject({ version: 1, revision: 3, rollout: { salt: begun.salt } })

  expect(
    (await historyOf(name)).map(({ revision, kind, version, arms }) => ({ revision, kind, version, arms })),
  ).toEqual([
    { revision: 3, kind: 'rollout', version: 1, arms: arms([1, 50], [2, 50]) },
    { revision: 2, kind: 'rollout', version: 1, arms: arms([1, 90], [2, 10]) },
    { revision: 1, kind: 'activate', version: 1 },
  ])
  const audit = await sql`
    select before, after, reason from audit where target = ${name} and action = 'prompts.rollout' order by id`
  expect(audit).toEqual([
    {
      before: { channel, version: 1, revision: 1 },
      after: { channel, version: 1, revision: 2, arms: arms([1, 90], [2, 10]) },
      reason: 'Try it',
    },
    {
      before: { channel, version: 1, revision: 2, arms: arms([1, 90], [2, 10]) },
      after: { channel, version: 1, revision: 3, arms: arms([1, 50], [2, 50]) },
      reason: null,
    },
  ])
  const notes = await sql`select done_at from outbox where payload->>'name' = ${name}`
  expect(notes.map((note) => note.done_at !== null)).toEqual([true, true, true])

  await rollback(name)
  await rollOut(name, arms([1, 90], [2, 10]))
  expect(((await pointerOf(name))?.rollout as { salt: string }).salt).not.toBe(begun.salt)
})

describe('R1: a rollback lands on one version, live in full', () => {
  const half = arms([2, 50], [3, 50])
  const quarter = arms([2, 75], [3, 25])

  it.each([
    ['out of a rollout: what was live before it began, in one step', [quarter, half], [2, 1]],
    ['after the new version was activated: the old one', [quarter, half, 3], [2, 1]],
    ['after another version was activated', [quarter, 4], [2, 1]],
    ['after the old version was activated again: what was live before that', [quarter, half, 2], [1]],
    ['after a second rollout', [quarter, 3, arms([3, 50], [4, 50])], [3, 2, 1]],
    ['after a rollback and another rollout', [quarter, 'back', half], [2, 1]],
  ] as const)('%s', async (_, steps, back) => {
    const name = await promptWith(4, 1, 2)
    for (const step of steps)
      if (step === 'back') await rollback(name)
      else await (typeof step === 'number' ? activate(name, step) : rollOut(name, [...step]))
    for (const version of back) {
      expect((await previewRollback(stores, { name, channel })).to.version).toBe(version)
      expect(await rollback(name)).toMatchObject({ version })
      expect(await pointerOf(name)).toMatchObject({ version, rollout: null })
    }
    await expect(rollback(name)).rejects.toMatchObject({ code: 'conflict' })
    const astray = await sql`
      select a.revision from prompt_activations a
      join prompts p on p.id = a.prompt_id and p.name = ${name}
      join prompt_activations back on back.prompt_id = a.prompt_id and back.channel = a.channel
        and back.revision = a.rollback_revision
      where back.rollout is not null or back.revision >= a.revision`
    expect(astray).toEqual([])
  })
})

describe('R3: refused, and nothing changes', () => {
  const refused = async (name: string, weights: ArmWeight[], error: object, as = caller) => {
    const before = await pointerOf(name)
    await expect(rollOutPrompt(as, { name, channel, arms: weights })).rejects.toMatchObject(error)
    expect(await pointerOf(name)).toEqual(before)
    expect(await historyOf(name)).toHaveLength(before?.revision ?? 0)
  }

  it('while nothing is live', async () =>
    refused(await promptWith(2), arms([1, 50], [2, 50]), { code: 'conflict', field: 'channel' }))
  it('with a version that does not exist', async () =>
    refused(await promptWith(2, 1), arms([1, 50], [7, 50]), { code: 'not_found', field: 'arms' }))
  it('without the version that is live in full', async () => {
    const name = await promptWith(3, 1)
    await refused(name, arms([2, 50], [3, 50]), { code: 'conflict', field: 'arms' })
    await rollOut(name, arms([1, 50], [2, 50]))
    await refused(name, arms([2, 50], [3, 50]), { code: 'conflict', field: 'arms' })
  })
  it('when another revision was expected', async () => {
    const name = await promptWith(2, 1, 2)
    const late = rollOut(name, arms([1, 50], [2, 50]), { expectedRevision: 1 })
    await expect(late).rejects.toMatchObject({ code: 'conflict', field: 'expectedRevision' })
  })
  it('R10: to a viewer', async () => {
    const viewer: Caller = { ...caller, actor: { ...caller.actor, role: 'viewer' } }
    await refused(await promptWith(2, 1), arms([1, 50], [2, 50]), { code: 'forbidden' }, viewer)
  })
})

it('R3: of rollouts, activations and rollbacks that saw the same revision one wins', async () => {
  const name = await promptWith(3, 1, 2)
  for (let round = 0; round < 5; round++) {
    const before = (await pointerOf(name))?.revision ?? 0
    const base = (await pointerOf(name))?.version ?? 0
    const other = base === 1 ? 2 : 1
    const outcomes = await Promise.allSettled([
      rollOut(name, arms([base, 90], [other, 10]), { expectedRevision: before }),
      rollOut(name, arms([base, 80], [3, 20]), { expectedRevision: before }),
      activatePrompt(caller, { name, version: base, channel, expectedRevision: before }),
    ])
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(lost.map(({ reason }) => (reason as { code?: string }).code)).toEqual(['conflict', 'conflict'])
    const live = await pointerOf(name)
    expect(live?.revision).toBe(before + 1)
    const [newest] = await historyOf(name)
    expect([newest?.revision, newest?.version, newest?.arms !== undefined]).toEqual([
      live?.revision,
      live?.version,
      live?.rollout !== null,
    ])
  }
})

it('R4: through the shared cache, a read begun after the acknowledgement gets what its bucket says', async () => {
  const name = await promptWith(2, 1)
  const reader = promptReader(stores, null)
  await sleep(1_100) // until the reader believes its Redis
  const subjects = Array.from({ length: 40 }, (_, index) => `user-${index}`)
  const versions = async () => {
    const read: number[] = []
    for (const subject of subjects) read.push((await reader.read({ name, channel }, subject)).prompt.version)
    return read
  }
  expect(new Set(await versions())).toEqual(new Set([1]))
  await rollOut(name, arms([1, 50], [2, 50]))
  const half = await versions()
  expect(new Set(half)).toEqual(new Set([1, 2]))
  expect(await versions()).toEqual(half)
  await rollOut(name, arms([1, 10], [2, 90]))
  const most = await versions()
  expect(half.filter((version, index) => version === 2 && most[index] !== 2)).toEqual([])
  expect(most.filter((version) => version === 2).length).toBeGreaterThan(half.filter((version) => version === 2).length)
  await rollback(name)
  expect(new Set(await versions())).toEqual(new Set([1]))
  expect(reader.reads).toMatchObject({ copy: 0 })
  expect(reader.reads.postgres).toBeLessThan(20)
  expect(reader.reads.redis).toBeGreaterThan(100)
})
