import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '@/scripts/simulate/random'
import type { Caller } from '@/server/services/context'
import { askErasure } from '@/server/services/tenants/ask-erasure'
import { embedLocally, LOCAL_MODEL } from '@/server/services/vectors/models/local-embedder'
import type { Gateway } from './gateway'
import { asMemory, type Found, type Item, MODEL, newItem, randomVector } from './items'
import { operatorOf } from './operator'

/** What a cycle measured, and what was not as it should be. */
export type Cycled = { recalls: number[]; faults: string[] }

type Options = { caller: Caller; gateway: Gateway; tenant: string; rows: number; random: Random }

/** Of the recall that operators want, what has to be reached after each step. */
const OF_TARGET = 0.95
const SAMPLE = 50
const K = 10
const DELETES_AT_ONCE = 4
const PAUSE_MS = 200
const ERASED_WITHIN_MS = 5 * 60_000

/**
 * The life of a tenant: registered, loaded, indexed, loaded again, embedded anew and switched, half of it deleted, and
 * erased. After each step it holds what it should, and its index finds what it should. Only what is promised is waited for.
 */
export async function cycle(options: Options): Promise<Cycled> {
  const { caller, gateway, tenant, rows, random } = options
  const cycled: Cycled = { recalls: [], faults: [] }
  let memory = asMemory([])
  try {
    const operator = operatorOf(caller, tenant)
    const hold = async (step: string, byText = false) => {
      const wrong = await wrongIn(options, memory, byText)
      if (wrong) cycled.faults.push(`${tenant} after ${step}: ${wrong}`)
    }
    const recall = async (step: string) => {
      const { efSearch, recall, target, rowsShort } = await measured(gateway, tenant)
      cycled.recalls.push(recall)
      if (recall < OF_TARGET * target || rowsShort > 0)
        cycled.faults.push(
          `${tenant} after ${step}: recall ${recall} of ${target} at ef_search ${efSearch}, ${rowsShort} answers short`,
        )
    }
    await gateway.insist({ method: 'PUT', path: `/v1/tenants/${tenant}`, body: { name: tenant } }, [200, 201])

    const items = Array.from({ length: rows }, (_, n) => newItem(tenant, `i${n}`, random))
    const half = Math.floor(rows / 2)
    await load(options, items.slice(0, half), cycled)
    await operator.work({ kind: 'memory.build-index' })
    memory = asMemory(items.slice(0, half))
    await hold('the load')
    await recall('the build')

    // So many that the index is taken off and built again, some of them replaced.
    const changed = items.slice(0, half >> 2).map((item) => newItem(tenant, item.id, random))
    await load(options, [...changed, ...items.slice(half)], cycled)
    memory = asMemory([...items, ...changed])
    await hold('the second load')
    await recall('the second load')

    await operator.embedBy(LOCAL_MODEL)
    await operator.switchTo(LOCAL_MODEL)
    await hold('the switch', true)
    await recall('the switch')
    await operator.dropOther(MODEL)

    const gone = [...memory.keys()].filter((_, n) => n % 2 === 0)
    await remove(options, gone)
    memory = asMemory([...memory.values()].filter(({ id }) => !gone.includes(id)))
    await operator.work({ kind: 'memory.vacuum' })
    await hold('the deletes', true)
    await recall('the vacuum')

    // An upload that was broken off was not accepted: its load has failed, and was repeated.
    for (const { kind, state, error } of await operator.jobs())
      if (state !== 'done' && kind !== 'memory.load') cycled.faults.push(`${tenant}: ${kind} ${state}: ${error}`)
  } catch (error) {
    cycled.faults.push(`${tenant}: ${String(error)}`)
  }
  await erase(options, cycled.faults.length === 0 ? memory.size : null).catch((error: unknown) =>
    cycled.faults.push(`${tenant}: ${String(error)}`),
  )
  return cycled
}

/** A load is safe once it is accepted: then it has to come to a good end. */
async function load({ gateway, tenant }: Options, items: Item[], { faults }: Cycled): Promise<void> {
  const path = `/v1/memory/${tenant}/loads`
  const lines = items.map((item) => `${JSON.stringify(item)}\n`).join('')
  const { text } = await gateway.insist({ path, lines }, [202], [409, 429])
  const { load: id } = JSON.parse(text) as { load: string }
  for (; ; await sleep(PAUSE_MS)) {
    const state = JSON.parse((await gateway.insist({ method: 'GET', path: `${path}/${id}` })).text) as LoadState
    if (state.state === 'done') {
      const { added, updated, unchanged } = state
      if (added + updated + unchanged !== items.length)
        faults.push(
          `${tenant}: of ${items.length} items ${added} were added, ${updated} updated, ${unchanged} unchanged`,
        )
      return
    }
    if (state.state === 'failed' || state.state === 'cancelled')
      throw new Error(`a load that was accepted is ${state.state}: ${state.error}`)
  }
}
type LoadState = { state: string; error: string | null; added: number; updated: number; unchanged: number }

/** What a search for more than there is says of everything in the memory. */
async function wrongIn({ gateway, tenant, random }: Options, memory: ReadonlyMap<string, Item>, byText: boolean) {
  const embedding = byText ? embedLocally(random.oneOf([...memory.values()]).content) : randomVector(random)
  const body = { embedding, k: 1_000, embeddingModel: byText ? LOCAL_MODEL : MODEL }
  const { text } = await gateway.insist({ path: `/v1/memory/${tenant}/search`, body })
  const { items } = JSON.parse(text) as { items: Found[] }
  const other = items.filter(({ id, content }) => memory.get(id)?.content !== content)
  const missing = memory.size - new Set(items.map(({ id }) => id)).size
  return other.length > 0 || missing !== 0
    ? `${missing} items are missing, ${other.length} are not as they were written`
    : null
}

type Point = { efSearch: number; recall: number; rowsShort: number }

/** By the product's own measurement, at the ef_search that searches have. */
async function measured(gateway: Gateway, tenant: string): Promise<Point & { target: number }> {
  const body = { k: K, sample: SAMPLE, efSearch: [40] }
  const { text } = await gateway.insist({ path: `/v1/memory/${tenant}/recall`, body })
  const { points, target } = JSON.parse(text) as { points: Point[]; target: number }
  const [point] = points
  if (!point) throw new Error('the measurement has no point')
  return { ...point, target }
}

async function remove({ gateway, tenant }: Options, ids: string[]): Promise<void> {
  const left = [...ids]
  const work = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop())
      await gateway.insist({ method: 'DELETE', path: `/v1/memory/${tenant}/items/${id}` })
  }
  await Promise.all(Array.from({ length: DELETES_AT_ONCE }, work))
}

/** By the gateway or, as the console asks for it, by the worker; until there is a receipt, which has to say what was there. */
async function erase({ caller, gateway, tenant, random }: Options, rows: number | null): Promise<void> {
  const byWorker = random.chance(0.5)
  const ask = byWorker
    ? () => askErasure(caller, { slug: tenant, usage: 'erase' }).catch(() => null)
    : () => gateway.ask({ method: 'DELETE', path: `/v1/tenants/${tenant}` })
  for (const giveUpAt = performance.now() + ERASED_WITHIN_MS; performance.now() < giveUpAt; await sleep(PAUSE_MS)) {
    await ask()
    const { text } = await gateway.insist({ method: 'GET', path: `/v1/erasures?tenant=${tenant}` })
    const { receipts } = JSON.parse(text) as { receipts: Receipt[] }
    if (receipts.length === 0) continue
    for (const { verified, remaining } of receipts)
      if (!verified) throw new Error(`erased, and left ${JSON.stringify(remaining)}`)
    // A registration anew may have been erased as well.
    const erased = receipts.reduce((sum, { postgres }) => sum + postgres.memory, 0)
    if (rows !== null && erased !== rows) throw new Error(`receipts say ${erased} items of ${rows}`)
    return
  }
  throw new Error('was not erased')
}
type Receipt = { verified: boolean; remaining: unknown; postgres: { memory: number } }
