import { setTimeout as sleep } from 'node:timers/promises'
import { rawSql } from '@/scripts/faults/raw-sql'

/** So long after Postgres answers again, a gateway may still refuse (R5: back within two seconds). */
const GRACE_MS = 2_000

/** When Postgres was away. */
export function outagesOf(databaseUrl: string) {
  let over = -Infinity
  return {
    /** Whether Postgres was away, or just back, at any time since then. */
    covers: (since: number) => since <= over,
    /** From before the crash until a new connection is answered, and a little longer. */
    during: async (crash: () => Promise<void>): Promise<void> => {
      over = Infinity
      await crash()
      while (!(await answers(databaseUrl))) await sleep(50)
      over = performance.now() + GRACE_MS
    },
  }
}
export type Outages = ReturnType<typeof outagesOf>

async function answers(databaseUrl: string): Promise<boolean> {
  const sql = rawSql(databaseUrl)
  try {
    await sql`select 1`
    return true
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}
