import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Actor, type Caller, type Role, system } from '@/server/services/context'
import { createKey } from '@/server/services/keys/create-key'
import { connectStores } from '@/server/services/stores'
import { activatePrompt } from './activate-prompt'
import { ApprovalNeeded } from './approval-gate'
import { approveChange } from './approve-change'
import { createPrompt } from './create-prompt'
import { createVersion } from './create-version'
import { listApprovals } from './list-approvals'
import { listChannels } from './list-channels'
import { orAsk } from './or-ask'
import { promptHistory } from './prompt-history'
import { rejectChange } from './reject-change'
import { rollOutPrompt } from './roll-out-prompt'
import { rollbackPrompt } from './rollback-prompt'
import { setChannelApproval } from './set-channel-approval'
import { withdrawChange } from './withdraw-change'

const stores = connectStores('worker')
const sql = rawSql(process.env.DATABASE_URL ?? '')

beforeAll(() => stores.redis.ready())
afterAll(async () => {
  await sql.end()
  await stores.close()
})

const as = (actor: Actor): Caller => ({ ...stores, actor })
const operator = (name: string, role: Role = 'operator') =>
  as({ kind: 'operator', id: `${name}-${randomUUID()}`, name, role })
const [ada, bob] = [operator('Ada'), operator('Bob')]
const root = as(system)

/** An operator key that this caller made. */
async function keyOf(maker: Caller, name: string): Promise<Caller> {
  const admin = as({ ...maker.actor, role: 'admin' })
  const { id } = await createKey(admin, { name, scope: 'operator', tenants: null })
  return as({ kind: 'key', id, name, role: 'operator' })
}

/** A prompt with three versions, the first live, on a channel of its own that needs approval. */
async function guarded() {
  const [name, channel] = [`approvals/${randomUUID()}`, `c-${randomUUID()}`]
  await createPrompt(ada, { name })
  for (const n of [1, 2, 3]) await createVersion(ada, { name, content: `Version ${n}`, force: false })
  await activatePrompt(ada, { name, version: 1, channel })
  await setChannelApproval(root, { channel, required: true })
  const ask = async (caller: Caller, version: number, reason?: string) => {
    const asked = await orAsk(caller, () => activatePrompt(caller, { name, version, channel, reason }))
    if (!('approval' in asked)) throw new Error('it went live without being asked about')
    return asked.approval
  }
  const live = async () =>
    (
      await sql`select d.version, d.revision::int from prompt_deployments d join prompts p on p.id = d.prompt_id
      where p.name = ${name} and d.channel = ${channel}`
    )[0]
  const states = async () =>
    (await listApprovals(stores, { name, channel, limit: 50 })).approvals.map(({ state }) => state).sort()
  const history = async () => (await promptHistory(stores, { name, channel, limit: 100 })).activations
  const audit = (action: string) =>
    sql`select actor_name, before, after, reason from audit where target = ${name} and action = ${action} order by id`
  return { name, channel, ask, live, states, history, audit }
}

describe('a channel that needs approval', () => {
  it('does not move when somebody activates: it is asked for, once, and the next one hears who asked and when', async () => {
    const { name, channel, ask, live, states, audit } = await guarded()
    await expect(activatePrompt(ada, { name, version: 2, channel })).rejects.toBeInstanceOf(ApprovalNeeded)
    const approval = await ask(ada, 2, 'Shorter')
    expect(approval).toMatchObject({ state: 'pending', kind: 'activate', version: 2, previousVersion: 1, by: 'Ada' })
    expect(await live()).toEqual({ version: 1, revision: 1 })
    const refused = await orAsk(bob, () => activatePrompt(bob, { name, version: 3, channel })).catch((error) => error)
    expect(refused).toMatchObject({ code: 'conflict', field: 'channel' })
    expect(refused.message).toContain(`Ada asked at ${approval.requestedAt} for v2`)
    expect(await states()).toEqual(['pending'])
    expect(await audit('prompts.request-approval')).toMatchObject([{ actor_name: 'Ada', reason: 'Shorter' }])
    expect(await audit('prompts.activate')).toHaveLength(1)
  })

  it('moves when a second person approves, and history and audit name both', async () => {
    const { name, ask, live, history, audit } = await guarded()
    const { id } = await ask(ada, 2, 'Shorter')
    const moved = await approveChange(bob, { name, id, note: 'Read it twice' })
    expect(moved).toMatchObject({ version: 2, previousVersion: 1, revision: 2 })
    expect(moved.appliedAt).not.toBeNull()
    expect(await live()).toEqual({ version: 2, revision: 2 })
    expect((await history())[0]).toMatchObject({ by: 'Ada, approved by Bob', reason: 'Shorter', revision: 2 })
    expect(await audit('prompts.approve')).toMatchObject([
      { actor_name: 'Bob', before: { version: 1 }, after: { version: 2, revision: 2, requestedBy: 'Ada' } },
    ])
    const again = await approveChange(bob, { name, id }).catch((error: unknown) => error)
    expect(again).toMatchObject({ code: 'conflict', message: 'This request was approved already by Bob.' })
  })

  it('takes a rollout too: the arms that were asked for are those that go live', async () => {
    const { name, channel } = await guarded()
    const arms = [
      { version: 1, weight: 90 },
      { version: 2, weight: 10 },
    ]
    const asked = await orAsk(ada, () => rollOutPrompt(ada, { name, channel, arms }))
    if (!('approval' in asked)) throw new Error('it went live without being asked about')
    expect(asked.approval).toMatchObject({ kind: 'rollout', version: 1, arms })
    await approveChange(bob, { name, id: asked.approval.id })
    const { activations } = await promptHistory(stores, { name, channel, limit: 1 })
    expect(activations[0]).toMatchObject({ kind: 'rollout', revision: 2, arms })
  })

  it('is for changes only: a rollback goes at once, and overtakes what waits', async () => {
    const { name, channel, ask, live, states } = await guarded()
    await approveChange(bob, { name, id: (await ask(ada, 2)).id })
    const { id } = await ask(ada, 3)
    expect(await rollbackPrompt(ada, { name, channel })).toMatchObject({ version: 1, revision: 3 })
    await expect(approveChange(bob, { name, id })).rejects.toMatchObject({ code: 'conflict' })
    expect(await live()).toEqual({ version: 1, revision: 3 })
    expect(await states()).toEqual(['approved', 'overtaken'])
    expect((await ask(bob, 3)).state).toBe('pending')
  })

  it('a rule that is switched off lets changes through; what waits can still be decided, and stands in the way until then', async () => {
    const { name, channel, ask, live } = await guarded()
    const { id } = await ask(ada, 2)
    await setChannelApproval(root, { channel, required: false })
    await expect(activatePrompt(bob, { name, version: 3, channel })).rejects.toMatchObject({ code: 'conflict' })
    await approveChange(bob, { name, id })
    await activatePrompt(ada, { name, version: 3, channel })
    expect(await live()).toEqual({ version: 3, revision: 3 })
  })

  it('what was live has moved: 409, the request is overtaken, nothing else changes', async () => {
    const { name, ask, live, states, history } = await guarded()
    const { id } = await ask(ada, 2)
    // A move that knows nothing of approvals, as the process of an older release would make it.
    await sql`update prompt_deployments set revision = 2 where prompt_id = (select id from prompts where name = ${name})`
    await expect(approveChange(bob, { name, id })).rejects.toMatchObject({ code: 'conflict' })
    expect(await live()).toEqual({ version: 1, revision: 2 })
    expect(await states()).toEqual(['overtaken'])
    expect(await history()).toHaveLength(1)
  })
})

describe('who may decide', () => {
  it('not who asked, nor through a key of their own; the key does not help its maker either', async () => {
    const { name, ask, live, states } = await guarded()
    const [ci, other] = [await keyOf(ada, 'ci'), await keyOf(ada, 'other')]
    const refused = async (caller: Caller, id: string) =>
      expect(await approveChange(caller, { name, id }).catch((error: unknown) => error)).toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('Somebody else has to approve it.'),
      })
    const own = await ask(ada, 2)
    for (const caller of [ada, ci, other]) await refused(caller, own.id)
    await withdrawChange(ci, { name, id: own.id })
    const byKey = await ask(ci, 2)
    for (const caller of [ada, ci, other]) await refused(caller, byKey.id)
    expect(await live()).toEqual({ version: 1, revision: 1 })
    expect(await states()).toEqual(['pending', 'withdrawn'])
    await approveChange(await keyOf(bob, 'release'), { name, id: byKey.id })
    expect(await live()).toEqual({ version: 2, revision: 2 })
  })

  it('rejecting takes a note that who asked can read; only who asked withdraws; a viewer does nothing', async () => {
    const { name, channel, ask, states } = await guarded()
    const { id } = await ask(ada, 2)
    const viewer = operator('Eve', 'viewer')
    for (const decide of [approveChange, rejectChange, withdrawChange])
      await expect(decide(viewer, { name, id, note: 'x' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(withdrawChange(bob, { name, id })).rejects.toMatchObject({ code: 'forbidden' })
    await rejectChange(bob, { name, id, note: 'Too terse' })
    const [rejected] = (await listApprovals(stores, { name, channel, limit: 1 })).approvals
    expect(rejected).toMatchObject({ state: 'rejected', decidedBy: 'Bob', note: 'Too terse', revision: null })
    await expect(withdrawChange(ada, { name, id })).rejects.toMatchObject({ code: 'conflict' })
    await withdrawChange(ada, { name, id: (await ask(ada, 3)).id })
    expect(await states()).toEqual(['rejected', 'withdrawn'])
    await expect(approveChange(bob, { name, id: randomUUID() })).rejects.toMatchObject({
      code: 'not_found',
      field: 'id',
    })
  })

  it('the rule of a channel is an admin’s to set, stands in the audit, and in the list with production', async () => {
    const { channel } = await guarded()
    await expect(setChannelApproval(ada, { channel, required: false })).rejects.toMatchObject({ code: 'forbidden' })
    const { channels } = await listChannels(stores)
    expect(channels.find(({ name }) => name === channel)).toMatchObject({ prompts: 1, requiresApproval: true })
    expect(channels[0]?.name).toBe('production')
    expect(await sql`select before, after from audit where target = ${channel}`).toEqual([
      { before: { requiresApproval: false }, after: { requiresApproval: true } },
    ])
  })
})

describe('many at once', () => {
  it('R1 R3: of those who ask one waits; of those who decide one wins; revisions have no gap', async () => {
    const { name, ask, live, states, history } = await guarded()
    for (let round = 0; round < 5; round++) {
      const asked = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => ask(ada, 2 + (n % 2))))
      const made = asked.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      expect(made).toHaveLength(1)
      const id = made[0]?.id ?? ''
      const decided = await Promise.allSettled(
        Array.from({ length: 12 }, (_, n) => {
          if (n % 3 === 0) return approveChange(bob, { name, id })
          return n % 3 === 1 ? rejectChange(bob, { name, id, note: 'No' }) : withdrawChange(ada, { name, id })
        }),
      )
      expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const lost of decided)
        if (lost.status === 'rejected') expect(lost.reason).toMatchObject({ code: 'conflict' })
    }
    const approved = (await states()).filter((state) => state === 'approved').length
    expect(await live()).toMatchObject({ revision: 1 + approved })
    expect((await history()).map(({ revision }) => revision).reverse()).toEqual(
      Array.from({ length: 1 + approved }, (_, n) => n + 1),
    )
  }, 60_000)

  it('approvals and rollbacks: what was approved had seen what was live', async () => {
    const { name, channel, ask, history } = await guarded()
    await approveChange(bob, { name, id: (await ask(ada, 2)).id })
    for (let round = 0; round < 10; round++) {
      const { id } = await ask(ada, 3)
      const [approval] = await Promise.allSettled([
        approveChange(bob, { name, id }),
        rollbackPrompt(ada, { name, channel }),
      ])
      if (approval.status === 'rejected') expect(approval.reason).toMatchObject({ code: 'conflict' })
      const [newest] = await history()
      if (newest?.version === 1) await approveChange(bob, { name, id: (await ask(ada, 2)).id })
    }
    const moves = (await history()).reverse()
    expect(moves.map(({ revision }) => revision)).toEqual(moves.map((_, n) => n + 1))
    moves.forEach((move, n) => expect(move.previousVersion).toBe(moves[n - 1]?.version ?? null))
    const requests = await sql`
      select a.live_revision::int as seen, a.revision::int as made from prompt_approvals a join prompts p on p.id = a.prompt_id
      where p.name = ${name} and state = 'approved'`
    expect(requests.length).toBeGreaterThan(0)
    for (const { seen, made } of requests) expect(made).toBe(seen + 1)
  }, 60_000)

  it('the rule is acknowledged only after the moves that began under the old one', async () => {
    const [name, channel] = [`approvals/${randomUUID()}`, `c-${randomUUID()}`]
    await createPrompt(ada, { name })
    await createVersion(ada, { name, content: 'One', force: false })
    const order: string[] = []
    let began = () => {}
    const underWay = new Promise<void>((resolve) => (began = resolve))
    const activation = activatePrompt(ada, { name, version: 1, channel }, async () => {
      began()
      await new Promise((resolve) => setTimeout(resolve, 300))
      order.push('activated')
    })
    await underWay
    await setChannelApproval(root, { channel, required: true })
    order.push('acknowledged')
    await activation
    expect(order).toEqual(['activated', 'acknowledged'])
    await expect(activatePrompt(ada, { name, version: 1, channel })).rejects.toBeInstanceOf(ApprovalNeeded)
  })
})
