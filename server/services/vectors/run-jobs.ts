import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { patiently } from '@/db/postgres/deadline'
import { insertAudit } from '@/db/postgres/queries/audit'
import { beat, claimJob, endJob, type Job } from '@/db/postgres/queries/jobs'
import { endStatements, progressOf } from '@/db/postgres/queries/vectors-indexes'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { samplePartitions } from '@/db/postgres/queries/vectors-samples'
import { expected } from '@/server/failure'
import { type Stores, system } from '@/server/services/context'
import type { JobKind } from '@/db/postgres/schema/jobs'
import { queueClearings } from '@/db/postgres/queries/re-embeddings'
import type { Control } from './re-embedding/re-embed'
import { workOf } from './job-work'
import { queueWantedIndexes } from './sleep/queue-wanted-indexes'

const BEAT_MS = 1_000
/** A job that is broken off so often, because a store went away, may be what it goes away from. */
const MOST_ATTEMPTS = 10
/** No build is given up for its length; whoever asked for it can cancel it. */
const PATIENCE_MS = 7 * 24 * 3_600_000

type Postgres = Pick<Stores, 'db'>
type Options = { tenant?: string; kinds?: Parameters<typeof claimJob>[3]; patience?: Control['patience'] }

/** Work that may take days has a runner of its own, so that the rest does not wait for it. */
export const embeddingWork = ['memory.re-embed', 'memory.clear-embedding'] as const satisfies JobKind[]

/**
 * Does the work that operators asked for, one job at a time. `stop` ends what runs and gives it back: the next worker
 * begins it anew, as it does where Postgres broke off. What was left half-way is ended and taken away first. Safe in several workers.
 */
export function jobRunner(stores: Stores, { tenant, kinds, patience }: Options = {}) {
  const worker = randomUUID()
  let stopping = false
  let current: string | null = null
  const run = async (): Promise<number> => {
    await queueClearings(stores.db, tenant)
    await queueWantedIndexes(stores, tenant)
    for (let done = 0; ; done++) {
      const job = stopping ? null : await claimJob(stores.db, worker, tenant, kinds)
      if (!job) return done
      current = job.id
      try {
        await runJob(stores, { worker, job, patience, isStopping: () => stopping })
      } finally {
        current = null
      }
    }
  }
  return {
    run,
    stop: async () => {
      stopping = true
      if (current) await endStatements(stores.db, current)
    },
  }
}

type Running = { worker: string; job: Job; patience: Control['patience']; isStopping: () => boolean }

async function runJob(stores: Stores, { worker, job, patience, isStopping }: Running): Promise<void> {
  const { id, tenant } = job
  const halted = new AbortController()
  let told: Told = null
  const ended = new AbortController()
  const watching = watch(stores, { id, tenant, worker, isStopping, signal: ended.signal, halted, told: () => told })
  let failure: unknown = null
  try {
    const tell = (now: Told) => void (told = now)
    await patiently(PATIENCE_MS, () => workOf(stores, job, { signal: halted.signal, tell, patience }))
  } catch (error) {
    failure = error
  }
  ended.abort()
  const cancelled = await watching
  const brokenOff = isStopping() || (expected(failure)?.code === 'unavailable' && job.attempts < MOST_ATTEMPTS)
  const state = failure === null ? 'done' : cancelled ? 'cancelled' : brokenOff ? 'queued' : 'failed'
  await samplePartitions(stores.db, { tenant })
  const error = state === 'failed' ? reasonOf(failure) : null
  if (!(await endJob(stores.db, { id, worker, state, error })) || state === 'queued') return
  const after = { job: id, kind: job.kind, state, ...(error && { error }) }
  await insertAudit(stores.db, { actor: system, action: 'vectors.job-ended', target: tenant, after })
}

type Told = { phase: string; progress: number | null } | null
type Watched = {
  id: string
  tenant: string
  worker: string
  isStopping: () => boolean
  signal: AbortSignal
  /** Ends what waits elsewhere than in Postgres. */
  halted: AbortController
  /** How far the work says that it is, where Postgres does not. */
  told: () => Told
}

/**
 * Says how far the job is, and ends its statements once it was cancelled or is another worker's, which it answers, and
 * once this worker stops: again and again, for between two statements there is none to end.
 */
async function watch({ db }: Postgres, { id, tenant, worker, signal, ...job }: Watched): Promise<boolean> {
  const number = (await selectPartition(db, tenant).catch(() => null))?.number
  let cancelled = false
  while (!signal.aborted) {
    const now = number === undefined ? null : await progressOf(db, { number, job: id }).catch(() => null)
    const heard = await beat(db, { id, worker, ...(now ?? job.told()) }).catch(() => undefined)
    // Silence of Postgres is no verdict; a job that is gone was erased with its tenant.
    if (heard === null || heard?.cancelled) cancelled = true
    if (cancelled || job.isStopping()) {
      job.halted.abort(new Error('The job was ended.'))
      await endStatements(db, id).catch(() => 0)
    }
    await sleep(BEAT_MS, undefined, { signal }).catch(() => {})
  }
  return cancelled
}

/** What Postgres says, which is written for whoever asked for the work. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 500)
}
