import { setTimeout as sleep } from 'node:timers/promises'
import type { CheckedEngines } from '@/scripts/checks/engines'
import type { Member } from '@/scripts/checks/member'
import type { Postmaster } from '@/scripts/checks/options'
import { rawSql } from '@/scripts/faults/raw-sql'
import { seeded } from '@/scripts/simulate/random'
import type { Caller } from '@/server/services/context'
import { sabotage } from './controls'
import { type Cycled, cycle } from './cycle'
import { gatewayAt } from './gateway'
import { asMemory, newItem } from './items'
import { erasedPrefix, judgeCatalogs, steadyPrefix } from './judge'
import { killer, type Kills } from './killer'
import { operatorOf } from './operator'
import type { Control } from './options'
import { outagesOf } from './outages'
import { search, type Searches, type Steady } from './searcher'

export type Options = {
  stores: Pick<CheckedEngines, 'databaseUrl'>
  caller: Caller
  /** Gateways, and one worker. */
  members: Member[]
  /** Of an operator. */
  key: string
  cycles: number
  /** So many cycles at a time. */
  lanes: number
  /** Of searches. */
  clients: number
  /** Of each tenant. */
  rows: number
  seed: number
  /** Null leaves it alone. */
  postgres: Postmaster | null
  control: Control | null
  say?: (line: string) => void
}

export type Outcome = Searches & {
  kills: Kills
  cycles: number
  /** As measured after each step of each cycle. */
  cycleRecalls: number[]
  faults: string[]
  seconds: number
}

const STEADY = 4
/** What is promised to be cleared up by itself is, within so long of the end. */
const CLEARED_WITHIN_MS = 30_000
const PROGRESS_MS = 15_000
const SEARCHED_AT_LEAST = 0.95

/** Tenants come and go under the searches of others, while the worker and the postmaster are killed with kill -9. */
export async function checkVectors(options: Options): Promise<Outcome> {
  const { stores, members, key, cycles, seed, say = () => {} } = options
  const { databaseUrl } = stores
  const gateways = members.filter(({ role }) => role === 'gateway').map(({ url }) => gatewayAt(url, key))
  const worker = members.find(({ role }) => role === 'worker')
  const [first] = gateways
  if (!worker || !first) throw new Error('there have to be a gateway and a worker')
  const gatewayOf = (n: number) => gateways[n % gateways.length] ?? first
  const run = Date.now().toString(36)
  const steady = await prepare(options, run, first)
  const outages = outagesOf(databaseUrl)
  const control = options.control && sabotage(options.control, databaseUrl, steady)
  const kills = killer({
    ...options,
    databaseUrl,
    worker,
    random: seeded(seed),
    outages,
    afterKill: control?.afterKill,
  })
  const began = performance.now()

  let [begun, ended] = [0, false]
  const done: Cycled[] = []
  const lane = async () => {
    while (begun < cycles && !ended) {
      const n = begun++
      const random = seeded(seed + 1_000 + n)
      done.push(await cycle({ ...options, gateway: gatewayOf(n), tenant: `${erasedPrefix}${run}-${n}`, random }))
    }
  }
  const searches = Array.from({ length: options.clients }, (_, n) =>
    search({ gateway: gatewayOf(n), steady, random: seeded(seed + 1 + n), outages, more: () => !ended }),
  )
  const tell = () => say(`${done.length} of ${cycles} cycles, ${kills.kills.worker + kills.kills.postmaster} kills`)
  const progress = setInterval(tell, PROGRESS_MS)
  const end = () => void (ended = true)
  const lanes = Promise.all(Array.from({ length: options.lanes }, lane)).finally(end)
  const killing = kills.run({ begun: () => begun, more: () => !ended })
  const over = await Promise.allSettled([lanes, killing, ...searches].map((one) => one.catch(giveUp(end))))
  clearInterval(progress)
  for (const one of over) if (one.status === 'rejected') throw one.reason

  const seconds = (performance.now() - began) / 1_000
  const seen = together(await Promise.all(searches))
  const faults = await faultsOf(options, steady, { done, recall: mean(seen.recalls) })
  return {
    ...seen,
    kills: kills.kills,
    cycles: done.length,
    cycleRecalls: done.flatMap(({ recalls }) => recalls),
    faults,
    seconds,
  }
}

const together = (seen: Searches[]): Searches => ({
  answered: seen.reduce((sum, { answered }) => sum + answered, 0),
  refused: seen.reduce((sum, { refused }) => sum + refused, 0),
  recalls: seen.flatMap(({ recalls }) => recalls),
  failures: seen.flatMap(({ failures }) => failures),
})

type Seen = { done: Cycled[]; recall: number }

async function faultsOf(options: Options, steady: Steady[], { done, recall }: Seen): Promise<string[]> {
  const gone = options.members.filter((member) => !member.isAlive()).map(({ name }) => `${name} ended by itself`)
  const unfound = recall < SEARCHED_AT_LEAST ? [`searches found ${recall} of what is nearest`] : []
  return [...gone, ...done.flatMap(({ faults }) => faults), ...unfound, ...(await cleared(options, steady))]
}

const giveUp = (mark: () => void) => (error: unknown) => {
  mark()
  throw error
}

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Tenants with an index, which nothing happens to. */
async function prepare(
  { caller, rows, seed }: Options,
  run: string,
  gateway: ReturnType<typeof gatewayAt>,
): Promise<Steady[]> {
  const random = seeded(seed)
  const steady = Array.from({ length: STEADY }, (_, n) => `${steadyPrefix}${run}-${n}`)
  return Promise.all(
    steady.map(async (tenant) => {
      const items = Array.from({ length: rows }, (_, n) => newItem(tenant, `i${n}`, random))
      for (let at = 0; at < rows; at += 500)
        await gateway.insist({ path: `/v1/memory/${tenant}/items`, body: { items: items.slice(at, at + 500) } })
      await operatorOf(caller, tenant).work({ kind: 'memory.build-index' })
      return { tenant, memory: asMemory(items) }
    }),
  )
}

async function cleared({ caller, stores }: Options, steady: Steady[]): Promise<string[]> {
  const wanted = steady.map(({ tenant, memory }) => ({ tenant, rows: memory.size }))
  for (const giveUpAt = performance.now() + CLEARED_WITHIN_MS; ; await sleep(500)) {
    const faults = await judgeCatalogs(caller, stores.databaseUrl, wanted)
    if (faults.length === 0 || performance.now() > giveUpAt) return faults
  }
}

/**
 * Tenants as small as these would be searched without their index, because that is as quick: in sessions from now on, sorting
 * is the last resort. What has to be sorted still is.
 */
export async function preferIndexes(databaseUrl: string, prefer = true): Promise<void> {
  const sql = rawSql(databaseUrl)
  const name = new URL(databaseUrl).pathname.slice(1)
  await sql.unsafe(`alter database "${name}" ${prefer ? 'set enable_sort = off' : 'reset enable_sort'}`)
  // The embedded engine has one session, which began before.
  await sql.unsafe(`set enable_sort = ${prefer ? 'off' : 'on'}`)
  await sql.end()
}
