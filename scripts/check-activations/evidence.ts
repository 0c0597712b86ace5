import { rawSql } from '@/scripts/faults/raw-sql'
import { CHANNEL } from '@/scripts/check-staleness/prompts'

type Actor = { kind: string; id: string; name: string }
export type Pointer = { version: number; revision: number }
export type HistoryRow = Pointer & {
  previousVersion: number | null
  kind: string
  actor: Actor
  reason: string | null
  applied: boolean
}
export type AuditRow = {
  action: string
  actor: Actor
  before: (Pointer & { channel: string }) | null
  after: Pointer & { channel: string }
  reason: string | null
}

/** One prompt at one instant: how many rows there are of each kind, and the newest of the history. */
export type Snapshot = {
  prompt: string
  active: number
  pointer: Pointer | null
  newest: Pointer | null
  activations: number
  audited: number
}
/** All that is written down about one prompt, in the order of its revisions. */
export type Record = { prompt: string; pointers: Pointer[]; history: HistoryRow[]; audit: AuditRow[]; undone: number }

/** What Postgres holds of the prompts, asked beside the code under test. */
export function collectEvidence(databaseUrl: string, prompts: readonly string[]) {
  const sql = rawSql(databaseUrl)
  const moves = sql`('prompts.activate', 'prompts.rollback', 'prompts.rollout')`

  return {
    /** One statement, and so one instant for everything in it. */
    snapshots: async (): Promise<Snapshot[]> => {
      const rows = await sql`
        select p.name as prompt, d.active::int, d.pointer, a.activations::int, a.newest,
          (select count(*) from audit where target = p.name and action in ${moves})::int as audited
        from prompts p,
          lateral (select count(*) as active, (json_agg(json_build_object('version', version, 'revision', revision)))->0 as pointer
            from prompt_deployments where prompt_id = p.id and channel = ${CHANNEL}) d,
          lateral (select count(*) as activations,
              (json_agg(json_build_object('version', version, 'revision', revision) order by revision desc))->0 as newest
            from prompt_activations where prompt_id = p.id and channel = ${CHANNEL}) a
        where p.name in ${sql(prompts)}`
      return rows as unknown as Snapshot[]
    },

    record: async (prompt: string): Promise<Record> => {
      const pointers = await sql`
        select d.version, d.revision::int from prompt_deployments d join prompts p on p.id = d.prompt_id
        where p.name = ${prompt} and d.channel = ${CHANNEL}`
      const history = await sql`
        select a.version, a.revision::int, a.previous_version as "previousVersion", a.kind, a.reason,
          json_build_object('kind', a.actor_kind, 'id', a.actor_id, 'name', a.actor_name) as actor,
          a.applied_at is not null as applied
        from prompt_activations a join prompts p on p.id = a.prompt_id
        where p.name = ${prompt} and a.channel = ${CHANNEL} order by a.revision`
      const audit = await sql`
        select action, before, after, reason,
          json_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name) as actor
        from audit where target = ${prompt} and action in ${moves} order by (after->>'revision')::int, id`
      const [undone] = await sql`
        select count(*)::int as n from outbox where done_at is null and payload->>'name' = ${prompt}`
      return { prompt, pointers, history, audit, undone: Number(undone?.n) } as unknown as Record
    },
    close: () => sql.end(),
  }
}

export type Evidence = ReturnType<typeof collectEvidence>
