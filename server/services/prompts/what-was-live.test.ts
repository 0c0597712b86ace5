import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Rollout } from '@/db/postgres/schema/prompts'
import { rawSql } from '@/scripts/faults/raw-sql'
import { AppError } from '@/server/errors'
import type { Caller } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { activatePrompt } from './activate-prompt'
import { armOf, weightsOf } from './buckets'
import { createPrompt } from './create-prompt'
import { createVersion } from './create-version'
import { rollOutPrompt } from './roll-out-prompt'
import { rollbackPrompt } from './rollback-prompt'
import { whatWasLive } from './what-was-live'
import { WhatWasLive } from './what-was-live.schema'

const stores = connectStores('gateway')
const sql = rawSql(process.env.DATABASE_URL ?? '')
const caller: Caller = { ...stores, actor: { kind: 'key', id: 'test', name: 'ci', role: 'operator' } }
const channel = 'production'

beforeAll(() => stores.redis.ready())
afterAll(async () => {
  await sql.end()
  await stores.close()
})

const contentOf = (version: number) => `Version ${version} of {{subject}}`

async function promptWith(versions: number): Promise<string> {
  const name = `test/${randomUUID()}`
  await createPrompt(caller, { name })
  for (let version = 1; version <= versions; version++)
    await createVersion(caller, { name, content: contentOf(version), force: false })
  return name
}

const activate = (name: string, version: number, on = channel) =>
  activatePrompt(caller, { name, version, channel: on, reason: `For v${version}` })
const ask = (input: Partial<WhatWasLive>) => whatWasLive(stores, { channel, ...input })
const shift = (at: string, ms: number) => new Date(Date.parse(at) + ms)

/** What the pointer said while it stood there: the record that the history is held against. */
type Seen = { at: string; version: number; revision: number; rollout: Rollout | null }

type Step = { verb: 'activate' | 'rollout'; version: number; weight: number } | { verb: 'rollback' }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    verb: fc.constantFrom('activate' as const, 'rollout' as const),
    version: fc.integer({ min: 1, max: 3 }),
    weight: fc.integer({ min: 1, max: 9_999 }).map((hundredths) => hundredths / 100),
  }),
  fc.constant({ verb: 'rollback' as const }),
)

/** Null where the step changes nothing: nothing to go back to, or a rollout of the live version against itself. */
async function take(name: string, taken: Step): Promise<Seen | null> {
  const full = await fullVersion(name)
  if (taken.verb === 'rollout' && taken.version === full) return null
  try {
    const { committedAt, revision } =
      taken.verb === 'rollback'
        ? await rollbackPrompt(caller, { name, channel })
        : taken.verb === 'activate'
          ? await activate(name, taken.version)
          : await rollOutPrompt(caller, { name, channel, arms: armsOf(full, taken) })
    const [row] = await sql`
      select d.version, d.revision::int, d.rollout from prompt_deployments d join prompts p on p.id = d.prompt_id
      where p.name = ${name} and d.channel = ${channel}`
    expect(row?.revision).toBe(revision)
    return { at: committedAt, version: row?.version, revision, rollout: row?.rollout ?? null }
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

async function fullVersion(name: string): Promise<number> {
  const [row] = await sql`
    select d.version from prompt_deployments d join prompts p on p.id = d.prompt_id
    where p.name = ${name} and d.channel = ${channel}`
  return Number(row?.version ?? 1)
}

const armsOf = (base: number, { version, weight }: Extract<Step, { version: number }>) => [
  { version: base, weight: Math.round((100 - weight) * 100) / 100 },
  { version, weight },
]

describe('what was live', () => {
  it('R1 R3: at every boundary, a millisecond before and after it, agrees with what the pointer said then', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 7 }),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        async (steps, subject) => {
          const name = await promptWith(3)
          const seen: Seen[] = []
          for (const taken of steps) {
            const moved = await take(name, taken)
            if (moved) seen.push(moved)
          }
          for (const boundary of seen)
            for (const ms of [-1, 0, 1]) {
              const at = shift(boundary.at, ms)
              const then = seen.findLast((move) => Date.parse(move.at) <= at.getTime())
              const { prompts, notLive } = await ask({ at, subject, prompt: name })
              if (!then) {
                expect(prompts).toEqual([])
                expect(notLive.prompts[0]).toMatchObject({ name, firstLiveAt: seen[0]?.at })
                continue
              }
              const { version, revision, rollout } = then
              const after = seen.find((move) => move.revision === revision + 1)
              expect(prompts).toHaveLength(1)
              expect(prompts[0]).toMatchObject({ name, version, revision, content: contentOf(version), since: then.at })
              expect(prompts[0]?.until?.at ?? null).toBe(after?.at ?? null)
              expect(prompts[0]?.subjectVersion).toBe(rollout ? armOf(rollout, subject)?.version : version)
              const arms = prompts[0]?.arms?.map(({ version, weight, content }) => {
                expect(content).toBe(contentOf(version))
                return { version, weight }
              })
              expect(arms ?? null).toEqual(rollout ? weightsOf(rollout) : null)
            }
        },
      ),
      { numRuns: 12 },
    )
  }, 120_000)

  it('an instant is a whole millisecond, also where the move was kept to the microsecond', async () => {
    const name = await promptWith(1)
    await activate(name, 1)
    await sql`update prompt_activations set committed_at = '2026-01-31 12:00:00.204567Z' from prompts p
      where p.id = prompt_id and p.name = ${name}`
    const at = '2026-01-31T12:00:00.204Z'
    expect((await ask({ at: new Date(at), prompt: name })).prompts).toMatchObject([{ version: 1, since: at }])
    expect((await ask({ at: shift(at, -1), prompt: name })).moves).toEqual({ first: at, before: null, after: at })
    expect((await ask({ at: shift(at, 1), prompt: name })).moves.before).toBe(at)
  })

  it('tells who made it live, why, until when, and what stood on another channel at the time', async () => {
    const name = await promptWith(2)
    await activate(name, 2, 'staging')
    const first = await activate(name, 1)
    const second = await activate(name, 2)
    const { prompts, moves, channels } = await ask({ at: shift(second.committedAt, -1), prompt: name })
    expect(prompts).toEqual([
      {
        name,
        version: 1,
        model: null,
        config: {},
        content: contentOf(1),
        bytes: contentOf(1).length,
        revision: 1,
        kind: 'activate',
        by: 'ci',
        reason: 'For v1',
        since: first.committedAt,
        until: { at: second.committedAt, version: 2, kind: 'activate', by: 'ci' },
        arms: null,
        subjectVersion: null,
      },
    ])
    expect(moves).toEqual({ first: first.committedAt, before: first.committedAt, after: second.committedAt })
    expect(channels).toEqual(expect.arrayContaining(['production', 'staging']))
    const staging = await ask({ at: shift(second.committedAt, -1), prompt: name, channel: 'staging' })
    expect(staging.prompts).toMatchObject([{ version: 2, until: null }])
  })

  it('says which prompts were not live yet, and since when they are; of a channel without moves, that there are none', async () => {
    const name = await promptWith(1)
    const { committedAt } = await activate(name, 1)
    const before = await ask({ at: shift(committedAt, -1), prompt: name })
    expect(before).toMatchObject({
      total: 0,
      prompts: [],
      moves: { first: committedAt, before: null, after: committedAt },
    })
    expect(before.notLive).toMatchObject({ total: 1, prompts: [{ name, firstLiveAt: committedAt }] })
    const nowhere = await ask({ channel: `none-${Date.now()}` })
    expect(nowhere).toMatchObject({ total: 0, moves: { first: null, before: null, after: null } })
    expect(nowhere.notLive.prompts.length).toBeGreaterThan(0)
  })

  it('R13: refuses the future and an unknown prompt; a clock a little ahead asks for now', async () => {
    await expect(ask({ prompt: `no ${randomUUID()}` })).rejects.toMatchObject({ code: 'not_found', field: 'prompt' })
    const soon = await ask({ at: new Date(Date.now() + 30_000) })
    expect(Date.parse(soon.at)).toBeLessThanOrEqual(Date.now())
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    for (const at of [tomorrow, 'yesterday', '2026-11-12', '2026-11-12T14:03', '1e400', ''])
      expect(WhatWasLive.safeParse({ at }).error?.issues[0]?.path).toEqual(['at'])
  })

  it('tells contents in full while they are 1 MB together, of the others the size; one alone always', async () => {
    const name = await promptWith(0)
    for (const letter of ['a', 'b', 'c'])
      await createVersion(caller, { name, content: letter.repeat(600_000), force: false })
    await activate(name, 1)
    const arms = [1, 2, 3].map((version) => ({ version, weight: version === 1 ? 50 : 25 }))
    await rollOutPrompt(caller, { name, channel, arms })
    const { prompts } = await ask({ prompt: name })
    const told = prompts[0]?.arms?.map(({ version, content, bytes }) => [version, content?.length ?? null, bytes])
    expect(told).toEqual([
      [1, 600_000, 600_000],
      [2, 600_000, 600_000],
      [3, null, 600_000],
    ])
  })
})

describe('for a tenant', () => {
  const now = Date.now()
  const reporter = { id: null, tenants: null, simulated: false }
  const minutes = (count: number) => new Date(now + count * 60_000)

  /** A prompt whose v1 was live until `movedAt` and v2 since, both of them in the past. */
  async function movedPrompt(movedAt: Date) {
    const name = await promptWith(3)
    await activate(name, 3, 'staging')
    await activate(name, 1)
    await activate(name, 2)
    for (const [revision, at] of [
      [1, minutes(-600)],
      [2, movedAt],
    ] as const)
      await sql`update prompt_activations set committed_at = ${at.toISOString()} from prompts p
        where p.id = prompt_id and p.name = ${name} and revision = ${revision}`
    return name
  }

  async function calls(tenant: string, prompt: { name: string; version: number }, times: Date[], model = 'gpt-4o') {
    const events = times.map((occurredAt) => ({
      id: randomUUID(),
      tenant,
      provider: 'openai',
      model,
      inputTokens: 10,
      outputTokens: 1,
      prompt,
      occurredAt: occurredAt.toISOString(),
    }))
    const { reply } = await ingestUsage(stores, { key: reporter, events })
    expect(reply.rejected).toEqual([])
  }

  it('its prompts come first, and calls that reported another version than was live stand out', async () => {
    const tenant = `t-${randomUUID()}`
    const movedAt = minutes(-120)
    const [name, other] = [await movedPrompt(movedAt), await movedPrompt(movedAt)]
    const after = (count: number) => new Date(movedAt.getTime() + count * 60_000)
    await calls(tenant, { name, version: 2 }, [after(1), after(2), after(3), after(4)])
    await calls(tenant, { name, version: 1 }, [after(-5), after(0.5), after(10), after(20)])
    await calls(tenant, { name, version: 3 }, [after(5)])
    await calls(tenant, { name: `unknown ${name}`, version: 1 }, [after(6)], 'no-such-model')
    await calls(tenant, { name: other, version: 2 }, [after(45)])
    await calls(`other-${tenant}`.slice(0, 60), { name: other, version: 2 }, [after(1)])

    const answer = await ask({ at: after(1), tenant })
    expect(answer.prompts[0]).toMatchObject({ name, version: 2, since: movedAt.toISOString() })
    expect(answer.prompts.slice(1).map((prompt) => prompt.name)).toEqual(
      answer.prompts
        .slice(1)
        .map((prompt) => prompt.name)
        .toSorted(),
    )
    expect(answer.reported).toEqual({
      from: after(-29).toISOString(),
      to: after(31).toISOString(),
      versions: [
        {
          name,
          version: 1,
          calls: 4,
          first: after(-5).toISOString(),
          last: after(20).toISOString(),
          stray: {
            calls: 2,
            first: after(10).toISOString(),
            last: after(20).toISOString(),
            elsewhere: [],
            nowhereCalls: 2,
          },
        },
        { name, version: 2, calls: 4, first: after(1).toISOString(), last: after(4).toISOString(), stray: null },
        {
          name,
          version: 3,
          calls: 1,
          first: after(5).toISOString(),
          last: after(5).toISOString(),
          stray: {
            calls: 1,
            first: after(5).toISOString(),
            last: after(5).toISOString(),
            elsewhere: ['staging'],
            nowhereCalls: 0,
          },
        },
        expect.objectContaining({ name: `unknown ${name}`, stray: expect.objectContaining({ nowhereCalls: 1 }) }),
      ],
    })
    expect(answer.prices).toMatchObject({
      total: 2,
      models: [
        { provider: 'openai', model: 'gpt-4o', calls: 9, rates: { input: { base: '2.5' }, output: { base: '10' } } },
        { provider: 'openai', model: 'no-such-model', calls: 1, rates: null },
      ],
    })
  })

  it('every arm of a rollout was live', async () => {
    const tenant = `t-${randomUUID()}`
    const name = await promptWith(3)
    await activate(name, 1)
    await rollOutPrompt(caller, {
      name,
      channel,
      arms: [
        { version: 1, weight: 90 },
        { version: 2, weight: 10 },
      ],
    })
    for (const version of [1, 2, 3]) await calls(tenant, { name, version }, [new Date()])
    const { reported } = await ask({ tenant })
    expect(reported?.versions.map(({ version, stray }) => [version, stray?.calls ?? 0])).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
    ])
  })
})
