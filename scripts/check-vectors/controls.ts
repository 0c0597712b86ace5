import { setTimeout as sleep } from 'node:timers/promises'
import { rawSql } from '@/scripts/faults/raw-sql'
import type { Control } from './options'
import type { Steady } from './searcher'

const AWAY_MS = 1_500

/** What a product would do that follows a wrong rule, each time that its worker was killed. */
export function sabotage(
  control: Control,
  databaseUrl: string,
  steady: readonly Steady[],
): { afterKill: () => Promise<void> } {
  switch (control) {
    case 'forgotten-jobs':
      return { afterKill: () => forget(databaseUrl) }
    case 'careless-detach':
      return { afterKill: () => detach(databaseUrl, steady[0]?.tenant ?? '') }
  }
}

/** What a killed worker was at counts as done, and nobody clears up behind it. */
async function forget(databaseUrl: string): Promise<void> {
  const sql = rawSql(databaseUrl)
  await sql`update jobs set state = 'done', finished_at = now() where state = 'running' and attempts > 0`
  await sql.end()
}

/** Takes the partition of somebody else out for a moment. */
async function detach(databaseUrl: string, tenant: string): Promise<void> {
  const sql = rawSql(databaseUrl)
  const [held] = await sql<{ number: number }[]>`select number from memory_partitions where tenant = ${tenant}`
  const name = `memory_t${held?.number}`
  await sql.unsafe(`alter table memory detach partition ${name}`)
  await sleep(AWAY_MS)
  await sql.unsafe(`alter table memory attach partition ${name} for values in ('${tenant}')`)
  await sql.end()
}
