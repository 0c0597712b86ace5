import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Random, seeded } from '@/scripts/simulate/random'
import { connectPostgres, type Postgres, type Transaction } from '@/db/postgres/client'
import type { Caller } from '@/server/services/context'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import { Guard, type RolloutVerdict } from '@/server/services/prompts/guarded-rollout.schema'
import { promptHistory } from '@/server/services/prompts/prompt-history'
import { rollOutPrompt } from '@/server/services/prompts/roll-out-prompt'
import { startGuardedRollout } from '@/server/services/prompts/start-guarded-rollout'
import { stopGuardedRollout } from '@/server/services/prompts/stop-guarded-rollout'
import { recordCalls, type TestCall } from '@/server/services/prompts/test-calls'
import { connectStores } from '@/server/services/stores'
import { judgeRollouts } from './judge-rollouts'

const stores = connectStores('worker')
const databaseUrl = process.env.DATABASE_URL ?? ''
const sql = rawSql(databaseUrl)
const caller: Caller = { ...stores, actor: { kind: 'key', id: 'test', name: 'ci', role: 'operator' } }
const channel = 'production'
const OBSERVE_SECONDS = 60
const LONG_SECONDS = 600

beforeAll(() => stores.redis.ready())
// Neither the looks of the next test nor other tests' worker jobs shall find it.
afterEach(() => sql`update guarded_rollouts set state = 'stopped' where state = 'running'`)
afterAll(async () => {
  await Promise.all(graves)
  await sql.end()
  await stores.close()
})

async function guarded(more: Partial<Guard> = {}): Promise<string> {
  const name = `guard/${randomUUID()}`
  await createPrompt(caller, { name })
  for (const version of [1, 2]) await createVersion(caller, { name, content: `Version ${version}`, force: false })
  await activatePrompt(caller, { name, version: 1, channel })
  const guard = Guard.parse({ version: 2, observeSeconds: OBSERVE_SECONDS, ...more })
  await startGuardedRollout(caller, { name, channel, guard })
  return name
}

type Make = (random: Random) => TestCall
const usual: Make = (random) => ({
  costUsd: random.around(3_000, 0.4) / 1e6,
  latencyMs: random.around(900, 0.3),
  cached: random.chance(0.6),
})

/** Calls of both versions in the seconds since the step began, and a look at them. */
async function servedFor(name: string, seconds: number, sides: Sides, seed = 1) {
  await recordSides(name, seconds, sides, seed)
  await lookLater(seconds)
}
type Sides = { base: [number, Make]; candidate: [number, Make] }

async function recordSides(name: string, seconds: number, { base, candidate }: Sides, seed = 1) {
  const [row] = await sql`select step_started_at as at from guarded_rollouts g join prompts p on p.id = g.prompt_id
    where p.name = ${name} order by g.started_at desc limit 1`
  const from = new Date(row?.at as string)
  const to = new Date(from.getTime() + seconds * 1_000)
  const random = seeded(seed)
  const record = (version: number, [n, make]: [number, Make]) =>
    recordCalls(stores, { name, version, n, from, to }, () => make(random))
  await record(1, base)
  await record(2, candidate)
}

/** Looks have their own clock, which runs ahead, so that nobody waits for it. */
let ahead = 0
function lookLater(seconds: number) {
  ahead += (seconds + 15) * 1_000
  return judgeRollouts(stores, new Date(Date.now() + ahead))
}

async function stateOf(name: string) {
  const [row] = await sql`
    select g.state, g.step, g.verdict, g.ended_reason as reason, g.revision::int as guarded, d.revision::int as revision,
      d.version, d.rollout
    from guarded_rollouts g join prompts p on p.id = g.prompt_id
    join prompt_deployments d on d.prompt_id = g.prompt_id and d.channel = g.channel
    where p.name = ${name} order by g.started_at desc limit 1`
  const arms = row?.rollout?.arms as { version: number; weight: number }[] | undefined
  return {
    ...{ state: row?.state, step: row?.step, reason: row?.reason, version: row?.version },
    ...{ revision: row?.revision, guarded: row?.guarded, share: arms?.find(({ version }) => version === 2)?.weight },
    verdict: row?.verdict as RolloutVerdict | null,
  }
}
const verdictsOf = ({ verdict }: Awaited<ReturnType<typeof stateOf>>) =>
  Object.fromEntries(verdict?.limits.map(({ limit, verdict }) => [limit, verdict]) ?? [])

describe('a guarded rollout', () => {
  it('widens to everybody by itself while the new version is no worse', async () => {
    const name = await guarded()
    const shares: unknown[] = []
    for (let step = 0; step < 4; step++) {
      const { state, share } = await stateOf(name)
      if (state !== 'running') break
      shares.push(share)
      await servedFor(name, OBSERVE_SECONDS, { base: [3_000, usual], candidate: [1_500, usual] }, step + 1)
    }
    expect(shares).toEqual([5, 25, 50])
    const end = await stateOf(name)
    expect(end).toMatchObject({ state: 'completed', version: 2, share: undefined, step: 3, revision: 5, guarded: 5 })
    const { activations } = await promptHistory(stores, { name, channel, limit: 10 })
    expect(activations.map(({ kind, by }) => `${kind} ${by}`)).toEqual([
      ...['activate Engram', 'rollout Engram', 'rollout Engram', 'rollout ci', 'activate ci'],
    ])
    expect(activations[1]?.reason).toMatch(
      /^Guarded rollout, step 3 of 4, 50 %: cost per request .*, limit \+1 point, n /,
    )
  })

  it('rolls back when the new version is dearer, and writes the figures', async () => {
    const name = await guarded()
    const dearer: Make = (random) => ({ ...usual(random), costUsd: random.around(4_200, 0.4) / 1e6 })
    await servedFor(name, OBSERVE_SECONDS, { base: [3_000, usual], candidate: [600, dearer] })
    const end = await stateOf(name)
    expect(end).toMatchObject({ state: 'rolled_back', version: 1, share: undefined, step: 0, revision: 3, guarded: 3 })
    expect(end.reason).toMatch(
      /^Guarded rollout, rolled back at step 1 of 4: cost per request \+\d\d % \(\+\d\d to \+\d\d\), limit \+20 %, n 600\/3,000$/,
    )
    expect(verdictsOf(end)).toMatchObject({ cost: 'breached', latencyP95: 'fine' })
    const { activations } = await promptHistory(stores, { name, channel, limit: 1 })
    expect(activations[0]).toMatchObject({ kind: 'rollback', by: 'Engram', reason: end.reason })
    const [audit] =
      await sql`select actor_kind, reason from audit where target = ${name} and action = 'prompts.rollback'`
    expect(audit).toEqual({ actor_kind: 'system', reason: end.reason })
  })

  it('rolls back at once when errors storm, long before its time', async () => {
    const name = await guarded({ observeSeconds: 3_600 })
    const failing: Make = (random) => ({ ...usual(random), failed: random.chance(0.3) })
    await servedFor(name, 30, { base: [2_000, usual], candidate: [250, failing] })
    const end = await stateOf(name)
    expect(end).toMatchObject({ state: 'rolled_back', version: 1 })
    expect(end.reason).toMatch(/errors \+\d\d points .*, at once because 99\.9 % sure$/)
  })

  it('what is merely likely does not end it before its time', async () => {
    const name = await guarded({ observeSeconds: 3_600, limits: limitsOnly({ errorRatePoints: 1 }) })
    let index = 0
    // 7 of 250 against none of 2,000: 95 % sure of more than one point, not 99.9 %.
    const some: Make = (random) => ({ ...usual(random), failed: index++ < 7 })
    await servedFor(name, 30, { base: [2_000, usual], candidate: [250, some] })
    const now = await stateOf(name)
    expect(now).toMatchObject({ state: 'running', step: 0, verdict: { confidence: 0.999 } })
    expect(verdictsOf(now)).toEqual({ errorRate: 'undecided' })
  })

  it('judges nothing below the minimum, however bad it looks', async () => {
    const name = await guarded({ minRequests: 200 })
    const failing: Make = (random) => ({ ...usual(random), failed: true, costUsd: 1 })
    await servedFor(name, OBSERVE_SECONDS, { base: [3_000, usual], candidate: [199, failing] })
    const now = await stateOf(name)
    expect(now).toMatchObject({ state: 'running', step: 0, share: 5, revision: 2 })
    expect(new Set(Object.values(verdictsOf(now)))).toEqual(new Set(['not enough yet']))
    expect(now.verdict?.says).toBe('Waiting for 200 requests of each version: v2 has 199, v1 has 3,000.')
  })

  it('keeps observing while chance could explain it, and judges again after as long', async () => {
    const name = await guarded({ limits: limitsOnly({ costPercent: 20, errorRatePoints: 1 }) })
    await servedFor(name, OBSERVE_SECONDS, { base: [3_000, usual], candidate: [210, usual] })
    const now = await stateOf(name)
    expect(now).toMatchObject({ state: 'running', step: 0, share: 5 })
    expect(verdictsOf(now)).toEqual({ cost: 'fine', errorRate: 'undecided' })
    expect(now.verdict?.says).toMatch(
      /^Undecided on errors.*: the interval holds the limit\. Observing for another 60 s\.$/,
    )
    const again = Date.parse(now.verdict?.decidesAt ?? '') - Date.parse(now.verdict?.to ?? '')
    expect(again).toBe(OBSERVE_SECONDS * 1_000)
  })

  it('says what is missing: calls with a subject, prices, latencies', async () => {
    const silent = await guarded()
    await servedFor(silent, OBSERVE_SECONDS, { base: [300, usual], candidate: [0, usual] })
    expect((await stateOf(silent)).verdict?.says).toBe('v2 gets no calls: does the application send a subject?')
    const unpriced = await guarded({ limits: limitsOnly({ costPercent: 20 }) })
    const priceless: Make = () => ({ costUsd: null })
    await servedFor(unpriced, OBSERVE_SECONDS, { base: [300, priceless], candidate: [300, priceless] })
    const now = await stateOf(unpriced)
    expect(now).toMatchObject({ state: 'running', share: 5 })
    expect(now.verdict?.says).toMatch(
      /Not enough data on cost per request: needs 30 calls with a known price of each version/,
    )
  })

  it('ends its watch when somebody else moves the pointer, and leaves what they did alone', async () => {
    const name = await guarded()
    await activatePrompt({ ...caller, actor: { ...caller.actor, name: 'Ana' } }, { name, version: 1, channel })
    await servedFor(name, OBSERVE_SECONDS, { base: [300, usual], candidate: [300, () => ({ failed: true })] })
    expect(await stateOf(name)).toMatchObject({
      ...{ state: 'stopped', version: 1, revision: 3, guarded: 2 },
      reason: 'Ana changed what is served at revision 3; the guard no longer watches.',
    })
  })

  it('can be stopped: the shares stay, nobody watches', async () => {
    const name = await guarded()
    await stopGuardedRollout({ ...caller, actor: { ...caller.actor, name: 'Ana' } }, { name, channel })
    await servedFor(name, OBSERVE_SECONDS, { base: [300, usual], candidate: [300, () => ({ failed: true })] })
    expect(await stateOf(name)).toMatchObject({ state: 'stopped', share: 5, revision: 2, reason: 'Stopped by Ana.' })
    await expect(stopGuardedRollout(caller, { name, channel })).rejects.toMatchObject({ code: 'conflict' })
  })
})

const limitsOnly = (some: Partial<Guard['limits']>): Guard['limits'] => ({
  ...{ costPercent: null, latencyP95Percent: null, errorRatePoints: null, hitRatePoints: null },
  ...some,
})

describe('starting one', () => {
  it('R13: what cannot be guarded is refused with its field, and nothing changes', async () => {
    const name = await guarded()
    const start = (guard: Partial<Guard>) =>
      startGuardedRollout(caller, { name, channel, guard: Guard.parse({ version: 2, ...guard }) })
    await expect(start({})).rejects.toMatchObject({ code: 'conflict', field: 'channel' })
    await expect(start({ version: 1 })).rejects.toMatchObject({ code: 'conflict', field: 'guard.version' })
    await expect(start({ observeSeconds: 59 })).rejects.toMatchObject({
      code: 'bad_request',
      field: 'guard.observeSeconds',
    })
    await stopGuardedRollout(caller, { name, channel })
    await expect(start({ version: 7 })).rejects.toMatchObject({ code: 'not_found', field: 'guard.version' })
    await createVersion(caller, { name, content: 'Version 3', force: false })
    const arms = [1, 2, 3].map((version) => ({ version, weight: version === 1 ? 80 : 10 }))
    await rollOutPrompt(caller, { name, channel, arms })
    await expect(start({})).rejects.toMatchObject({ code: 'conflict', field: 'guard.version' })
    expect(
      await sql`select 1 from guarded_rollouts g join prompts p on p.id = g.prompt_id where p.name = ${name}`,
    ).toHaveLength(1)
  })
})

/** Runs a transaction in which the process dies. */
type Death = <T>(db: Postgres, verb: (tx: Transaction) => Promise<T>, die: () => void) => Promise<T>

const deaths: Record<string, Death> = {
  'before the move': (db, verb, die) => {
    die()
    return db.transaction(verb)
  },
  'before the move commits': (db, verb, die) =>
    db.transaction(async (tx) => {
      const result = await verb(tx)
      die()
      return result
    }),
  'after the move committed': async (db, verb, die) => {
    await db.transaction(verb)
    die()
    throw new Error('died')
  },
}

describe('several workers', () => {
  it('R1: of many that look at once one moves the pointer', async () => {
    const name = await guarded()
    await recordSides(name, OBSERVE_SECONDS, { base: [3_000, usual], candidate: [1_500, usual] })
    await Promise.all(Array.from({ length: 8 }, () => lookLater(OBSERVE_SECONDS)))
    const { share, revision } = await stateOf(name)
    expect([25, 50]).toContain(share)
    expect(await agreement(name)).toBe('agreed')
    expect((await promptHistory(stores, { name, channel, limit: 20 })).activations).toHaveLength(revision ?? 0)
  })

  it.each(Object.entries(deaths))(
    'R3: a worker that dies %s leaves pointer and guard in agreement, and another goes on',
    async (_, death) => {
      const name = await guarded({ steps: [1, 2, 3, 4, 100] })
      // A step begins when it is really taken: however slow the machine, there are calls after that.
      await recordSides(name, LONG_SECONDS, { base: [3_000, usual], candidate: [3_000, usual] })
      for (let round = 0; round < 2; round++) {
        await dyingLook(death)
        await expect.poll(() => agreement(name), { timeout: 20_000 }).toBe('agreed')
      }
      while ((await stateOf(name)).state === 'running') await lookLater(OBSERVE_SECONDS)
      expect(await stateOf(name)).toMatchObject({ state: 'completed', version: 2, revision: 6 })
      expect((await promptHistory(stores, { name, channel, limit: 20 })).activations).toHaveLength(6)
    },
    180_000,
  )
})

const graves: Promise<unknown>[] = []

/** To Postgres a killed process is a connection that breaks; after it, the process does nothing more. */
async function dyingLook(death: Death) {
  const link = await faultyLink(databaseUrl)
  const db = connectPostgres({ url: link.url, poolSize: 2, deadlineMs: 20_000, applicationName: 'dying-worker' })
  let died = false
  const die = () => {
    died = true
    link.cut()
  }
  const transaction = (verb: (tx: Transaction) => Promise<unknown>) => death(db, verb, die)
  const dying = Object.assign(Object.create(db) as Postgres, { transaction })
  ahead += (LONG_SECONDS + 15) * 1_000
  await judgeRollouts({ db: dying, redis: stores.redis }, new Date(Date.now() + ahead)).catch(() => {})
  expect(died).toBe(true)
  graves.push(db.close().then(link.close))
}

async function agreement(name: string) {
  const { state, step, share, revision, guarded: known } = await stateOf(name)
  const [row] =
    await sql`select steps from guarded_rollouts g join prompts p on p.id = g.prompt_id where p.name = ${name}`
  const served = state === 'completed' ? undefined : JSON.parse(`[${String(row?.steps).slice(1, -1)}]`)[step]
  return known === revision && share === served
    ? 'agreed'
    : `guard ${known} at ${step}, live ${revision} with ${share} %`
}
