import { setTimeout as sleep } from 'node:timers/promises'
import { jobsOfTenant } from '@/db/postgres/queries/jobs'
import { expected } from '@/server/failure'
import type { Caller } from '@/server/services/context'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { dropVectors } from '@/server/services/vectors/re-embedding/drop-vectors'
import { reEmbeddingOf } from '@/server/services/vectors/re-embedding/re-embedding-of'
import { resumeReEmbedding } from '@/server/services/vectors/re-embedding/resume-re-embedding'
import { startReEmbedding } from '@/server/services/vectors/re-embedding/start-re-embedding'
import { switchModel } from '@/server/services/vectors/re-embedding/switch-model'

const LOOK_MS = 150
const PATIENCE_MS = 4 * 60_000
const JOBS = 50

type Work = Parameters<typeof askForJob>[1]['work']

/** What operators do in the console, until it is done: an answer may be lost with Postgres, and the work waits for a worker. */
export function operatorOf(caller: Caller, tenant: string) {
  const jobs = () => jobsOfTenant(caller.db, { tenant, limit: JOBS })
  const idle = async () => (await jobs()).every(({ state }) => state !== 'queued' && state !== 'running')
  const change = () => reEmbeddingOf(caller, { tenant })

  /** Does `act` until it is `done`. What Postgres' absence or work under way explains is waited for. */
  const reach = async (what: string, done: () => Promise<boolean>, act: () => Promise<unknown>): Promise<void> => {
    let last: unknown = null
    for (const giveUpAt = performance.now() + PATIENCE_MS; performance.now() < giveUpAt; await sleep(LOOK_MS)) {
      try {
        if (!(await idle())) continue
        if (await done()) return
        await act()
      } catch (error) {
        const { code } = expected(error) ?? {}
        if (code !== 'unavailable' && code !== 'conflict') throw error
        last = error
      }
    }
    throw new Error(`${what} took more than ${PATIENCE_MS / 1_000} s; ${String(last)}`)
  }

  return {
    jobs,
    /** Asks for a job until one of its kind came to a good end. */
    work: (work: Work) =>
      reach(
        work.kind,
        async () => (await jobs()).some(({ kind, state }) => kind === work.kind && state === 'done'),
        () => askForJob(caller, { tenant, work }),
      ),
    /** Vectors of another model for all items, and its index, beside those that are searched. */
    embedBy: (model: string) =>
      reach(
        `embedding by ${model}`,
        async () => (await change()).change?.state === 'whole',
        async () =>
          (await change()).change ? resumeReEmbedding(caller, { tenant }) : startReEmbedding(caller, { tenant, model }),
      ),
    switchTo: (model: string) =>
      reach(
        `switching to ${model}`,
        async () => (await change()).active.model === model,
        () => switchModel(caller, { tenant, model }),
      ),
    /** Takes the vectors away that are not searched. */
    dropOther: (model: string) =>
      reach(
        `dropping ${model}`,
        async () => (await change()).other === null,
        async () => {
          if ((await change()).change?.state !== 'clearing') await dropVectors(caller, { tenant, model })
        },
      ),
    recallOfChange: async () => (await change()).change?.recallAfter ?? null,
  }
}
