import { rawSql } from '@/scripts/faults/raw-sql'
import type { Commit, Settled } from './history'
import { CHANNEL } from './prompts'

/** What Postgres says, asked beside the code under test and without a detour. */
export function askPostgres(databaseUrl: string) {
  const sql = rawSql(databaseUrl)
  const mine = (prompts: readonly string[]) => sql`
    prompt_activations a join prompts p on p.id = a.prompt_id and p.name in ${sql(prompts)} and a.channel = ${CHANNEL}`

  return {
    /** Whether an activation of the last minute is in the history. */
    committed: async (op: string): Promise<boolean> => {
      const rows = await sql`
        select 1 from prompt_activations where committed_at > now() - interval '1 min' and reason = ${op}`
      return rows.length > 0
    },
    /** Activations that Redis was not told of yet. */
    outstanding: async (prompts: readonly string[]): Promise<number> => {
      const [row] = await sql`
        select (select count(*) from ${mine(prompts)} where a.applied_at is null)
             + (select count(*) from outbox where done_at is null and payload->>'name' in ${sql(prompts)}) as n`
      return Number(row?.n)
    },
    newest: async (prompts: readonly string[]): Promise<Pick<Settled, 'prompt' | 'revision'>[]> => {
      const rows = await sql`select p.name, max(a.revision) as revision from ${mine(prompts)} group by p.name`
      return rows.map(({ name, revision }) => ({ prompt: String(name), revision: Number(revision) }))
    },
    commits: async (prompts: readonly string[]): Promise<Commit[]> => {
      const rows = await sql`select p.name, a.revision, a.version, a.reason from ${mine(prompts)} order by a.id`
      return rows.map(({ name, revision, version, reason }) => ({
        type: 'commit',
        prompt: String(name),
        revision: Number(revision),
        version: Number(version),
        op: reason === null ? null : String(reason),
      }))
    },
    close: () => sql.end(),
  }
}

export type Truth = ReturnType<typeof askPostgres>
