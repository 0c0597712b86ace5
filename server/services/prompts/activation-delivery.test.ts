import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { confirmRevisions } from '@/db/postgres/queries/confirmations'
import { upsertProcess, upsertSdkProcesses } from '@/db/postgres/queries/processes'
import { rawSql } from '@/scripts/faults/raw-sql'
import type { Caller } from '@/server/services/context'
import { thisProcess } from '@/server/services/live/this-process'
import { connectStores } from '@/server/services/stores'
import { activatePrompt } from './activate-prompt'
import { activationDelivery, deliveryTimes } from './activation-delivery'
import { createPrompt } from './create-prompt'
import { createVersion } from './create-version'

const stores = connectStores('console')
const caller: Caller = { ...stores, actor: { kind: 'key', id: 'test', name: 'ci', role: 'operator' } }
const sql = rawSql(process.env.DATABASE_URL ?? '')
const channel = 'production'
const [gateway, lagging] = [thisProcess('gateway'), thisProcess('gateway')]
const sdk = { id: randomUUID(), name: 'batch-03', keyId: randomUUID() }
const ours = [gateway.id, lagging.id, sdk.id]

beforeAll(async () => {
  await stores.redis.ready()
  for (const process of [gateway, lagging]) await upsertProcess(stores.db, process)
  await upsertSdkProcesses(stores.db, gateway.id, [sdk])
})
afterAll(async () => {
  await sql`delete from processes where id in ${sql(ours)}`
  await sql.end()
  await stores.close()
})

async function promptActivated(times: number) {
  const name = `delivered/${randomUUID()}`
  await createPrompt(caller, { name })
  for (const content of ['One', 'Two']) await createVersion(caller, { name, content, force: false })
  for (let n = 0; n < times; n++) await activatePrompt(caller, { name, version: 1 + (n % 2), channel })
  // Gateways of other tests on the same stores are not what is looked at here.
  await sql`delete from prompt_confirmations where process not in ${sql(ours)}
    and prompt_id = (select id from prompts where name = ${name})`
  return name
}
const confirm = (name: string, process: string, revision: number, keyId: string | null = null) =>
  confirmRevisions(stores.db, [{ process, keyId, name, channel, revision }])
const statesOf = async (name: string, revision: number) => {
  const { processes, ...delivery } = await activationDelivery(stores, { name, channel, revision })
  return { ...delivery, processes: processes.map(({ name, state, serves }) => ({ name, state, serves })) }
}

it('names whoever is waited for first, with what it serves, then the confirmed, then who ended', async () => {
  const name = await promptActivated(2)
  await confirm(name, lagging.id, 1)
  await confirm(name, gateway.id, 2)
  const delivery = await statesOf(name, 2)
  expect(delivery).toMatchObject({
    asked: 3,
    confirmed: 1,
    waiting: 2,
    confirmedMs: expect.any(Number),
    forgotten: false,
  })
  expect(delivery.waitingMs).toBeGreaterThan(0)
  expect(delivery.processes).toEqual([
    { name: 'batch-03', state: 'waiting', serves: null },
    { name: lagging.name, state: 'waiting', serves: 1 },
    { name: gateway.name, state: 'confirmed', serves: 2 },
  ])

  await sql`update processes set seen_at = now() - interval '16 s' where id = ${lagging.id}`
  await confirm(name, sdk.id, 2, sdk.keyId)
  const later = await statesOf(name, 2)
  expect(later).toMatchObject({ asked: 3, confirmed: 2, waiting: 0 })
  expect(later.processes.map(({ name, state }) => [name, state])).toEqual([
    ['batch-03', 'confirmed'],
    [gateway.name, 'confirmed'],
    [lagging.name, 'gone'],
  ])
  await upsertProcess(stores.db, lagging)
})

it('keeps for every activation how long its last confirmation took, by the clock of Postgres', async () => {
  const name = await promptActivated(3)
  await confirm(name, gateway.id, 3)
  await sql`
    update prompt_confirmations c set confirmed_at = a.applied_at + make_interval(secs => 0.01 * a.revision)
    from prompt_activations a, prompts p
    where p.name = ${name} and a.prompt_id = p.id and c.prompt_id = p.id and c.revision = a.revision
      and c.process = ${gateway.id}`
  const { times } = await deliveryTimes(stores, { name, channel })
  expect(
    times.map(({ revision, version, asked, confirmed, waiting, confirmedMs }) => [
      revision,
      version,
      asked,
      confirmed,
      waiting,
      Math.round(confirmedMs ?? -1),
    ]),
  ).toEqual([
    [1, 1, 3, 1, 2, 10],
    [2, 2, 3, 1, 2, 20],
    [3, 1, 3, 1, 2, 30],
  ])
})

it('says of what was confirmed before it was acknowledged that it took nothing, and of nobody asked that there is none', async () => {
  const name = await promptActivated(1)
  await confirm(name, gateway.id, 1)
  await sql`update prompt_activations set applied_at = now() + interval '1 s'
    where prompt_id = (select id from prompts where name = ${name})`
  expect((await statesOf(name, 1)).confirmedMs).toBe(0)
  await sql`delete from prompt_confirmations where prompt_id = (select id from prompts where name = ${name})`
  expect(await statesOf(name, 1)).toMatchObject({
    asked: 0,
    confirmed: 0,
    waiting: 0,
    confirmedMs: null,
    processes: [],
  })
})

it('R13: says which prompt or revision there is not', async () => {
  const name = await promptActivated(1)
  const missing = activationDelivery(stores, { name, channel, revision: 9 })
  await expect(missing).rejects.toMatchObject({ code: 'not_found', field: 'revision' })
  const unknown = deliveryTimes(stores, { name: `${name}?`, channel })
  await expect(unknown).rejects.toMatchObject({ code: 'not_found', field: 'name' })
})
