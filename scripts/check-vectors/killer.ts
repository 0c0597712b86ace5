import { setTimeout as sleep } from 'node:timers/promises'
import { crash } from '@/scripts/checks/crash'
import type { Member } from '@/scripts/checks/member'
import type { Postmaster } from '@/scripts/checks/options'
import { rawSql } from '@/scripts/faults/raw-sql'
import type { Random } from '@/scripts/simulate/random'
import type { Outages } from './outages'

const LOOK_MS = 20
/** Small tenants are worked on this long. */
const LONGEST_WAIT_MS = 250
const LONGEST_DOWN_MS = 500
const CYCLES_EACH = 2
const POSTMASTER_EVERY = 5
/** One postmaster in so many takes the worker along. */
const BOTH = 3

type Options = {
  databaseUrl: string
  worker: Member
  postgres: Postmaster | null
  random: Random
  outages: Outages
  /** Does what a product would that knows nothing of the kill. */
  afterKill?: () => Promise<void>
}

/** What was killed, and in the middle of what. */
export type Kills = { worker: number; postmaster: number; atWork: Record<string, number> }

/** Kills with kill -9 while the worker is at work: that one, one time in five the postmaster, sometimes both. */
export function killer({ databaseUrl, worker, postgres, random, outages, afterKill }: Options) {
  const sql = rawSql(databaseUrl)
  const kills: Kills = { worker: 0, postmaster: 0, atWork: {} }
  const atWork = () => sql<{ kind: string }[]>`
    select kind from jobs where state = 'running' and worker is not null and attempts > 0
      and beat_at > clock_timestamp() - interval '3 s'
    union all select 'an erasure' from erasures where state = 'running' and beat_at > clock_timestamp() - interval '3 s'`

  const kill = async (n: number) => {
    if (!worker.isAlive()) throw new Error('the worker ended by itself')
    await sleep(random.integer(LONGEST_WAIT_MS))
    const work = await atWork().catch(() => [])
    for (const { kind } of work) kills.atWork[kind] = (kills.atWork[kind] ?? 0) + 1
    if (postgres && n % POSTMASTER_EVERY === 0) {
      kills.postmaster++
      const both = (n / POSTMASTER_EVERY) % BOTH === 0
      if (both) kills.worker++
      await outages.during(async () => {
        if (both) await worker.kill()
        await crash(postgres, random.integer(LONGEST_DOWN_MS))
      })
      if (both) await worker.start()
    } else {
      kills.worker++
      await worker.kill()
      await afterKill?.()
      await worker.start()
    }
  }
  return {
    kills,
    /** One kill for every two cycles that begin, as long as there are `more`. */
    run: async ({ begun, more }: { begun: () => number; more: () => boolean }): Promise<void> => {
      for (let n = 1; more(); await sleep(LOOK_MS)) {
        if (begun() <= (n - 1) * CYCLES_EACH || (await atWork().catch(() => [])).length === 0) continue
        await kill(n++)
      }
      await sql.end({ timeout: 1 })
    },
  }
}
