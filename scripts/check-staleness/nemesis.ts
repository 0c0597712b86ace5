import { setTimeout as sleep } from 'node:timers/promises'
import type { CheckedEngines } from '@/scripts/checks/engines'
import type { Member } from '@/scripts/checks/member'
import type { Random } from '@/scripts/simulate/random'
import { actThrough } from './acts'
import { type Log, now } from './history'
import type { Options } from './options'
import { VERSIONS } from './prompts'
import type { Truth } from './truth'
import { actAndLog } from './writer'

export type World = {
  options: Options
  engines: CheckedEngines
  members: readonly Member[]
  /** Every process's own way to Redis. */
  redisLinks: readonly Member['redisLink'][]
  prompts: readonly string[]
  operatorKey: string
  random: Random
  writes: Log
  log: Log
  truth: Truth
}

export type Done = { kills: number; killedBeforeApply: number; pauses: number; freezes: number; evictions: number }
export const nothingDone = (): Done => ({ kills: 0, killedBeforeApply: 0, pauses: 0, freezes: 0, evictions: 0 })

type FaultName = 'kill gateway' | 'kill worker' | 'kill before apply' | 'pause' | 'freeze'

const KILLS = ['kill before apply', 'kill worker', 'kill gateway'] as const

/** The faults of a run, in an order that the seed decides. */
export function planFaults({ kills, pauses, freezes }: Options, random: Random): FaultName[] {
  const plan: FaultName[] = [
    ...Array.from({ length: kills }, (_, index) => KILLS[index % KILLS.length] ?? 'kill gateway'),
    ...Array.from({ length: pauses }, () => 'pause' as const),
    ...Array.from({ length: freezes }, () => 'freeze' as const),
  ]
  return plan
    .map((fault) => ({ fault, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ fault }) => fault)
}

/** One fault, from its beginning to its end: who was killed runs again, what was frozen has thawed. */
export async function cause(fault: FaultName, world: World, done: Done): Promise<void> {
  const { options, members, random, log } = world
  const one = (role: Member['role']) => random.oneOf(members.filter((member) => member.role === role))
  const note = (says: string) => log.write({ type: 'fault', at: now(), says })
  if (fault === 'freeze') {
    const ms = 300 + random.integer(Math.max(1, options.longestFreezeMs - 300))
    note(`Redis freezes for ${ms} ms`)
    await freezeRedis(world, ms)
    done.freezes++
    return note('Redis answers again')
  }
  if (fault === 'pause') {
    const [gateway, ms] = [one('gateway'), 100 + random.integer(1_400)]
    note(`${gateway.name} stands still for ${ms} ms`)
    gateway.pause()
    await sleep(ms).finally(gateway.resume)
    done.pauses++
    return note(`${gateway.name} goes on`)
  }
  const victim = one(fault === 'kill worker' ? 'worker' : 'gateway')
  if (victim.role === 'gateway') await victim.countReads()
  if (fault === 'kill before apply') {
    if (await dieBeforeApply(victim, world, note)) done.killedBeforeApply++
  } else {
    note(`kill -9 ${victim.name}`)
    await victim.kill()
  }
  done.kills++
  await sleep(random.integer(500))
  await victim.start()
  note(`${victim.name} runs again`)
}

/**
 * A gateway dies between commit and apply. Its link to Redis is frozen, so that it gets as far as the commit and hangs
 * in telling Redis; once Postgres shows the commit it is killed, and what it had sent to Redis is thrown away.
 */
async function dieBeforeApply(gateway: Member, world: World, note: (says: string) => void): Promise<boolean> {
  const { random, prompts, operatorKey, writes, truth } = world
  gateway.redisLink.freeze()
  let reached = false
  const pending: Promise<unknown>[] = []
  for (let attempt = 1; attempt <= 5 && !reached; attempt++) {
    const op = `doomed-${gateway.name}-${now()}`
    const ask = { op, prompt: random.oneOf(prompts), verb: 'activate' as const, version: 1 + random.integer(VERSIONS) }
    let answered = false
    pending.push(actAndLog(actThrough(gateway.url, operatorKey), ask, 'nemesis', writes).then(() => (answered = true)))
    while (!answered && !reached) reached = await truth.committed(op)
  }
  note(`kill -9 ${gateway.name}${reached ? ' between commit and apply' : ''}`)
  await gateway.kill()
  gateway.redisLink.cut()
  gateway.redisLink.thaw()
  gateway.redisLink.mend()
  await Promise.all(pending)
  return reached
}

/** A Redis of our own is stopped; one that others may use only seems to be, from where this run's processes are. */
async function freezeRedis({ engines: { redisPid }, redisLinks }: World, ms: number): Promise<void> {
  if (redisPid !== null) {
    process.kill(redisPid, 'SIGSTOP')
    return sleep(ms).finally(() => process.kill(redisPid, 'SIGCONT'))
  }
  for (const link of redisLinks) link.freeze()
  return sleep(ms).finally(() => redisLinks.forEach((link) => link.thaw()))
}
