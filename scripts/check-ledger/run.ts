import { setTimeout as sleep } from 'node:timers/promises'
import { crash } from '@/scripts/checks/crash'
import type { Member } from '@/scripts/checks/member'
import type { Postmaster } from '@/scripts/checks/options'
import { rawSql } from '@/scripts/faults/raw-sql'
import { seeded } from '@/scripts/simulate/random'
import { type Account, report } from './client'
import { judgeLedger, type Verdict } from './judge'

export type Options = {
  databaseUrl: string
  /** Gateways and workers, of which one at a time is killed. */
  members: Member[]
  key: string
  cycles: number
  clients: number
  seed: number
  /** Null leaves it alone. */
  postgres: Postmaster | null
  say?: (line: string) => void
}

export type Outcome = Verdict & {
  batches: number
  acknowledged: number
  duplicates: number
  unanswered: number
  kills: Record<string, number>
  seconds: number
}

const FOLDED_WITHIN_MS = 5 * 60_000
const PROGRESS_MS = 15_000

/**
 * Clients report usage while gateways, workers and the postmaster are killed with kill -9, one per cycle and not in step
 * with them. Judged is what clients were told against what is in Postgres once everything is folded (R6, R7).
 */
export async function checkLedger(options: Options): Promise<Outcome> {
  const { databaseUrl, members, key, cycles, seed, postgres, say = () => {} } = options
  const random = seeded(seed)
  const tenants = Array.from({ length: 3 }, (_, n) => `ledger-${Date.now().toString(36)}-${n}`)
  const gateways = members.filter(({ role }) => role === 'gateway')
  const kills: Record<string, number> = {}
  let [done, failed] = [0, false]
  const began = performance.now()

  const kill = async () => {
    const victim = random.oneOf([...members, ...(postgres ? [postgres, postgres] : [])])
    const name = 'role' in victim ? victim.role : 'postmaster'
    kills[name] = (kills[name] ?? 0) + 1
    await crash(victim, random.integer(200))
  }
  const killing = async () => {
    for (; done < cycles && !failed; done++) {
      await sleep(50 + random.integer(400))
      await kill()
    }
  }
  const more = () => done < cycles && !failed
  const clients = Array.from({ length: options.clients }, (_, n) =>
    report({
      name: `client-${n}`,
      tenants,
      url: gateways[n % gateways.length]?.url ?? '',
      key,
      random: seeded(seed + 1 + n),
      more,
    }),
  )
  const progress = setInterval(() => say(`${done} of ${cycles} kills`), PROGRESS_MS)
  const ended = await Promise.allSettled(
    [killing(), ...clients].map((work) => work.catch(giveUp(() => (failed = true)))),
  )
  clearInterval(progress)
  for (const end of ended) if (end.status === 'rejected') throw end.reason

  await folded(databaseUrl, tenants)
  const accounts = await Promise.all(clients)
  const acknowledged = accounts.flatMap((account) => account.acknowledged)
  const verdict = await judgeLedger(databaseUrl, tenants, acknowledged)
  const sum = (pick: (account: Account) => number) => accounts.reduce((total, account) => total + pick(account), 0)
  return {
    ...verdict,
    faults: [...accounts.flatMap(({ surprises }) => surprises), ...verdict.faults],
    batches: sum(({ batches }) => batches),
    acknowledged: acknowledged.length,
    duplicates: sum(({ duplicates }) => duplicates),
    unanswered: sum(({ unanswered }) => unanswered),
    kills,
    seconds: (performance.now() - began) / 1_000,
  }
}

const giveUp = (mark: () => void) => (error: unknown) => {
  mark()
  throw error
}

/** Until the worker has folded every delta: the sums are then judged alone. */
async function folded(databaseUrl: string, tenants: string[]) {
  const giveUpAt = performance.now() + FOLDED_WITHIN_MS
  for (;;) {
    const sql = rawSql(databaseUrl)
    const [left] = await sql<{ deltas: number }[]>`
      select count(*)::int as deltas from usage_deltas where tenant in ${sql(tenants)}`.catch(() => [])
    await sql.end()
    if (left?.deltas === 0) return
    if (performance.now() > giveUpAt) throw new Error('The worker did not fold every delta within five minutes')
    await sleep(200)
  }
}
