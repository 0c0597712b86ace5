import { setTimeout as sleep } from 'node:timers/promises'
import { type Act, actDirectly } from '@/scripts/check-staleness/acts'
import { createPrompts } from '@/scripts/check-staleness/prompts'
import type { Caller } from '@/server/services/context'
import { type Outcomes, runClients } from './clients'
import { collectEvidence, type Evidence } from './evidence'
import { faultsOfOutcomes, faultsOfRecord, faultsOfSnapshot } from './judge'

export type Options = {
  databaseUrl: string
  caller: Caller
  clients: number
  each: number
  prompts: number
  seed: number
  act: (client: number) => Act
  say?: (line: string) => void
}

const MOST_FAULTS = 20
const APPLIED_WITHIN_MS = 30_000
const PROGRESS_MS = 15_000

export type Verdict = { acknowledged: number; refused: number; snapshots: number; seconds: number; faults: string[] }

/** Lets many clients move few pointers, looks on all the while, and compares what they were told with what is written. */
export async function checkActivations(options: Options): Promise<Verdict> {
  const { databaseUrl, caller, say = () => {} } = options
  const prompts = await createPrompts(caller, options.prompts)
  const evidence = collectEvidence(databaseUrl, prompts)
  const outcomes: Outcomes = { told: new Map(), refused: [], unexpected: [] }
  const began = performance.now()
  const progress = setInterval(
    () => say(`${outcomes.told.size} acknowledged, ${outcomes.refused.length} refused`),
    PROGRESS_MS,
  )
  try {
    for (const prompt of prompts)
      await actDirectly(caller)({ op: `first ${prompt}`, prompt, verb: 'activate', version: 1 })
    const sampling = sampler(evidence)
    await runClients({ ...options, prompts }, outcomes).finally(sampling.stop)
    const seconds = (performance.now() - began) / 1_000
    const { snapshots, faults } = await sampling.result
    const records = await appliedRecords(evidence, prompts)
    faults.push(...records.flatMap(faultsOfRecord), ...faultsOfOutcomes(outcomes, records))
    return { acknowledged: outcomes.told.size, refused: outcomes.refused.length, snapshots, seconds, faults }
  } finally {
    clearInterval(progress)
    await evidence.close()
  }
}

/** Takes one snapshot after the other until it is stopped. */
function sampler(evidence: Evidence) {
  let stopped = false
  const sample = async () => {
    const faults: string[] = []
    let snapshots = 0
    for (; !stopped; snapshots++)
      for (const snapshot of await evidence.snapshots())
        if (faults.length < MOST_FAULTS) faults.push(...faultsOfSnapshot(snapshot))
    return { snapshots, faults }
  }
  return { result: sample(), stop: () => void (stopped = true) }
}

/** What is written down once Redis was told of everything, or should have been. */
async function appliedRecords(evidence: Evidence, prompts: readonly string[]) {
  const giveUpAt = performance.now() + APPLIED_WITHIN_MS
  for (;;) {
    const records = await Promise.all(prompts.map((prompt) => evidence.record(prompt)))
    if (records.every(({ undone }) => undone === 0) || performance.now() > giveUpAt) return records
    await sleep(100)
  }
}
