import { setTimeout as sleep } from 'node:timers/promises'
import { startMembers } from '@/scripts/checks/cluster'
import type { Member } from '@/scripts/checks/member'
import { seeded } from '@/scripts/simulate/random'
import { createKey } from '@/server/services/keys/create-key'
import { actThrough } from './acts'
import { evictOn } from './evictions'
import { type Log, now, openLog } from './history'
import { cause, type Done, nothingDone, planFaults, type World } from './nemesis'
import { startReaders } from './reader-processes'
import type { Run } from './run'
import { type Judged, judgeLogs } from './verdict'
import { preparePrompts, writeOn } from './writer'

const SETTLE_WITHIN_MS = 30_000
/** Reads go on for this long after all was told, so that what is stuck shows. */
const AFTERWARDS_MS = 1_000
const PROGRESS_MS = 15_000

/** The proof: readers and writers over real gateways and workers, while these and Redis are hurt. */
export async function faultyRun(run: Run): Promise<Judged> {
  const { options, engines, caller, truth, output } = run
  const { directory } = options
  const random = seeded(options.seed)
  const [writes, faults] = [openLog(`${directory}/writes.jsonl`), openLog(`${directory}/faults.jsonl`)]
  const prompts = await preparePrompts(caller, options.prompts, writes)
  const keyFor = (scope: 'app' | 'operator') => createKey(caller, { name: 'Staleness check', scope, tenants: null })
  const [app, operator] = [await keyFor('app'), await keyFor('operator')]
  const members = await startMembers(options, engines, output)
  const gateways = members.filter(({ role }) => role === 'gateway')
  const done = nothingDone()
  let readers: Awaited<ReturnType<typeof startReaders>> | null = null
  const began = performance.now()
  try {
    const task = { prompts, appKey: app.key, gatewayUrls: gateways.map(({ url }) => url) }
    readers = await startReaders({ options, engines, output, task })
    const redisLinks = [...members.map(({ redisLink }) => redisLink), ...readers.redisLinks]
    const world = { options, engines, members, redisLinks, prompts, random, writes, log: faults, truth }
    await disturb(run, { ...world, operatorKey: operator.key }, done)
    await settle(run, prompts, writes)
    await sleep(AFTERWARDS_MS)
    await logSources(gateways, faults)
  } finally {
    await readers?.stop()
    await Promise.all(members.map((member) => member.stop()))
    await Promise.all([writes.close(), faults.close()])
  }
  const files = [`${directory}/writes.jsonl`, `${directory}/faults.jsonl`, ...readers.files]
  const commits = await truth.commits(prompts)
  const verdict = await judgeLogs({ writes: `${directory}/writes.jsonl`, reads: files.slice(1), commits })
  return { ...verdict, done, seconds: (performance.now() - began) / 1_000, files }
}

/** Writes until enough is acknowledged and every fault was caused; evicts all the while. */
async function disturb({ options, caller, say }: Run, world: World, done: Done): Promise<void> {
  const { members, prompts, random, operatorKey, writes: log } = world
  const gateways = members.filter(({ role }) => role === 'gateway')
  const plan = planFaults(options, random)
  let [acknowledged, caused, failed] = [0, 0, false]
  const writing = () => !failed && (acknowledged < options.activations || caused < plan.length)
  const orGiveUp = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      failed = true
      throw error
    })

  const causing = async () => {
    for (const [index, fault] of plan.entries()) {
      const due = ((index + 1) * options.activations) / (plan.length + 1)
      while (acknowledged < due && !failed) await sleep(10)
      if (failed) return
      await cause(fault, world, done)
      caused++
    }
  }
  const write = (index: number) =>
    writeOn({
      by: `writer-${index + 1}`,
      random: seeded(options.seed + 1_000 + index),
      prompts,
      log,
      act: () => actThrough(random.oneOf(gateways).url, operatorKey),
      more: writing,
      acknowledged: () => acknowledged++,
    })
  const progress = setInterval(
    () => say(`${acknowledged} of ${options.activations} activations, ${caused} of ${plan.length} faults`),
    PROGRESS_MS,
  )
  const writers = Array.from({ length: options.writers }, (_, index) => write(index))
  // Every loop comes to its end before the first failure is told: they share the logs.
  const ended = await Promise.allSettled(
    [causing(), evictOn(caller.redis, world, done, writing), ...writers].map(orGiveUp),
  )
  clearInterval(progress)
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

/** Waits until Redis was told of everything, and logs that from here on every read must return the newest. */
async function settle({ truth }: Run, prompts: readonly string[], writes: Log): Promise<void> {
  const giveUpAt = performance.now() + SETTLE_WITHIN_MS
  while ((await truth.outstanding(prompts)) > 0) {
    if (performance.now() > giveUpAt) throw new Error('Redis was not told of every activation within 30 s.')
    await sleep(50)
  }
  const at = now()
  for (const { prompt, revision } of await truth.newest(prompts))
    writes.write({ type: 'settled', prompt, at, revision })
}

async function logSources(gateways: readonly Member[], log: Log): Promise<void> {
  for (const gateway of gateways) {
    await gateway.countReads()
    log.write({ type: 'sources', path: 'gateway', counts: gateway.reads })
  }
}
