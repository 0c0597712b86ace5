import type { RedisStore } from './client'
import { families, keys } from './keys'
import { scanKeys } from './scan'

export type BudgetRef = { id: string; tenant: string | null }
/** Which transactions a count of the ledger saw: those below `xmin`, and those below `xmax` that were not `running`. */
export type Snapshot = { xmin: string; xmax: string; running: string[] }
/** Of a rolling period `to` is null. */
export type CounterPeriod = { from: Date; to: Date | null }
/** `pico` are whole 10^-12 US dollars; `at` is when it was reconciled last. */
export type BudgetCounter = CounterPeriod & { pico: bigint; at: Date }
/** What a reconciliation met: what the counter held of what the ledger's count saw, or why there is nothing to compare. */
export type Met = { found: 'counter'; pico: bigint } | { found: 'nothing' | 'another period' | 'a newer count' }

/**
 * R7: amounts in two whole numbers, because a budget may be larger than 2^63 of 10^-12 dollars: millionths of a dollar, and
 * 10^-12 beside them. Redis adds them up as integers; no amount passes through Lua's floats.
 */
const MICRO = 1_000_000n
/** A count older than the one that stands is put aside; after so long it is believed to be of another database. */
const SAME_DATABASE_MS = 60_000
const TTL_MS = families.budgets.ttlSeconds * 1_000

/** Transaction ids stay below 2^53. */
const SAW = `
local function saw(id, xmin, xmax, running)
  if tonumber(id) < tonumber(xmin) then return true end
  return tonumber(id) < tonumber(xmax) and not string.find(running, ',' .. id .. ',', 1, true)
end`

/**
 * Adds what the calls of one transaction cost, where the counter is of a period that they all lie in, and answers the
 * counter. What the ledger's count saw already is not added: an addition may come late.
 */
const ADD = `${SAW}
local from, to, xmin, xmax, running = unpack(redis.call('HMGET', KEYS[1], 'from', 'to', 'xmin', 'xmax', 'running'))
if not from then return {} end
local id, micro, pico, first, last = unpack(ARGV)
local within = tonumber(first) >= tonumber(from) and (to == '' or tonumber(last) < tonumber(to))
if within and not saw(id, xmin, xmax, running) then
  redis.call('HINCRBY', KEYS[1], 'micro', micro)
  redis.call('HINCRBY', KEYS[1], 'pico', pico)
  redis.call('HINCRBY', KEYS[2], id, micro)
  redis.call('HINCRBY', KEYS[2], id .. ':pico', pico)
  redis.call('PEXPIRE', KEYS[2], ${TTL_MS})
end
return redis.call('HMGET', KEYS[1], 'micro', 'pico', 'from', 'to', 'at')`

/**
 * Sets the counter to what the ledger's count says and to what was added by transactions that it did not see. Answers what
 * the counter held before of those that it did see: the two are of one moment, however busy it is.
 */
const RECONCILE = `${SAW}
local from, to, xmin, xmax, running, micro, pico, at = unpack(ARGV)
local old = redis.call('HMGET', KEYS[1], 'from', 'to', 'xmin', 'xmax', 'running', 'at')
if old[1] and math.abs(tonumber(at) - tonumber(old[6])) < ${SAME_DATABASE_MS} then
  local ahead = tonumber(old[4]) - tonumber(xmax)
  if ahead == 0 then ahead = tonumber(old[3]) - tonumber(xmin) end
  if ahead == 0 then ahead = #running - #old[5] end
  if ahead > 0 then return { 'a newer count' } end
end
local unseen, met = {}, { old[1] and 'another period' or 'nothing' }
if old[1] == from and (old[2] == to) then
  local added = redis.call('HGETALL', KEYS[2])
  for i = 1, #added, 2 do
    local id, part = string.match(added[i], '^(%d+):?(%a*)$')
    if saw(id, xmin, xmax, running) then redis.call('HDEL', KEYS[2], added[i])
    else
      local field = part == 'pico' and 'pico' or 'micro'
      if added[i + 1] ~= '0' then
        unseen[#unseen + 1] = { field, added[i + 1] }
        redis.call('HINCRBY', KEYS[1], field, '-' .. added[i + 1])
      end
    end
  end
  met = { 'counter', unpack(redis.call('HMGET', KEYS[1], 'micro', 'pico')) }
else
  redis.call('DEL', KEYS[2])
end
redis.call('HSET', KEYS[1], 'from', from, 'to', to, 'xmin', xmin, 'xmax', xmax, 'running', running,
  'micro', micro, 'pico', pico, 'at', at)
for _, one in ipairs(unseen) do redis.call('HINCRBY', KEYS[1], one[1], one[2]) end
redis.call('PEXPIRE', KEYS[1], ${TTL_MS})
return met`

const namesOf = (budget: BudgetRef) => [keys.budget(budget), keys.budgetAdded(budget)] as const
const msOf = (at: Date | null) => (at === null ? '' : String(at.getTime()))
const picoOf = (micro: unknown, pico: unknown) => BigInt(String(micro)) * MICRO + BigInt(String(pico))

function counterOf([micro, pico, from, to, at]: unknown[]): BudgetCounter | null {
  if (typeof micro !== 'string' || typeof pico !== 'string') return null
  const ends = to === '' ? null : new Date(Number(to))
  return { pico: picoOf(micro, pico), from: new Date(Number(from)), to: ends, at: new Date(Number(at)) }
}

/** What calls of one transaction cost, from the earliest of them to the last. */
export type Addition = { transaction: string; pico: bigint; first: Date; last: Date }

/** The counter afterwards; null where there is none: only a reconciliation begins one. */
export async function addToCounter(
  { commands }: RedisStore,
  budget: BudgetRef,
  { transaction, pico, first, last }: Addition,
): Promise<BudgetCounter | null> {
  const amount = [String(pico / MICRO), String(pico % MICRO)]
  return counterOf(
    (await commands.eval(ADD, 2, ...namesOf(budget), transaction, ...amount, msOf(first), msOf(last))) as unknown[],
  )
}

/** In one round trip, in their order; null where there is none. */
export async function readCounters({ commands }: RedisStore, budgets: BudgetRef[]): Promise<(BudgetCounter | null)[]> {
  const replies = budgets.map((budget) => commands.hmget(keys.budget(budget), 'micro', 'pico', 'from', 'to', 'at'))
  return (await Promise.all(replies)).map(counterOf)
}

/** `pico` is what the ledger says of the period, as `snapshot` saw it. */
export async function reconcileCounter(
  { commands }: RedisStore,
  budget: BudgetRef,
  { from, to, pico, at, snapshot }: BudgetCounter & { snapshot: Snapshot },
): Promise<Met> {
  const { xmin, xmax } = snapshot
  const seen = [xmin, xmax, `,${snapshot.running.map((id) => `${id},`).join('')}`]
  const amount = [String(pico / MICRO), String(pico % MICRO)]
  const args = [msOf(from), msOf(to), ...seen, ...amount, msOf(at)]
  const [found, ...held] = (await commands.eval(RECONCILE, 2, ...namesOf(budget), ...args)) as string[]
  return found === 'counter' ? { found, pico: picoOf(held[0], held[1]) } : ({ found } as Met)
}

export async function forgetCounter({ commands }: RedisStore, budget: BudgetRef): Promise<void> {
  await commands.unlink(...namesOf(budget))
}

/** How many keys of a tenant's budgets went. */
export async function eraseBudgetsOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const batch of scanKeys(redis, keys.budgetsOfTenant(tenant))) {
    const removed = await Promise.all(batch.map((key) => redis.commands.unlink(key)))
    erased += removed.reduce((sum, one) => sum + one, 0)
  }
  return erased
}
