import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { arrayLiteral } from './array-literal'
import { ALIVE_SECONDS } from './processes'

type Moved = { promptId: number; channel: string; revision: number }

/** Notes who serves prompts at this move of the pointer: all of them shall confirm it. */
export async function insertOpenConfirmations(db: Db, { promptId, channel, revision }: Moved): Promise<void> {
  await db.execute(sql`
    insert into prompt_confirmations (prompt_id, channel, revision, process, role, name)
    select ${promptId}, ${channel}, ${revision}, id, role, name from processes
    where role in ('gateway', 'sdk') and seen_at > now() - make_interval(secs => ${ALIVE_SECONDS})`)
}

export type Confirmation = {
  process: string
  /** The key that an SDK confirms with; null for a gateway, which confirms for itself. */
  keyId: string | null
  name: string
  channel: string
  revision: number
}

/**
 * These processes serve at least these revisions from now on, by Postgres' clock: so they confirm the earlier ones too. What
 * is unknown, and what another key's process would have to say, is passed over.
 */
export async function confirmRevisions(db: Db, confirmations: readonly Confirmation[]): Promise<void> {
  if (confirmations.length === 0) return
  const column = (of: keyof Confirmation) => arrayLiteral(confirmations.map((confirmation) => confirmation[of]))
  await db.execute(sql`
    update prompt_confirmations open set confirmed_at = clock_timestamp()
    from unnest(${column('process')}::text[], ${column('keyId')}::uuid[], ${column('name')}::text[],
        ${column('channel')}::text[], ${column('revision')}::bigint[])
      as said(process, key_id, name, channel, revision)
    join prompts on prompts.name = said.name
    where open.process = said.process and open.confirmed_at is null
      and open.prompt_id = prompts.id and open.channel = said.channel and open.revision <= said.revision
      and case when said.key_id is null then open.role = 'gateway' else exists (
        select from processes where id = said.process and role = 'sdk' and key_id = said.key_id) end`)
}

/** A process that dropped all its copies serves whatever Redis was told of; what it was not, it will hear of. */
export async function confirmApplied(db: Db, process: string): Promise<void> {
  await db.execute(sql`
    update prompt_confirmations open set confirmed_at = clock_timestamp()
    from prompt_activations moved
    where open.process = ${process} and open.confirmed_at is null and moved.applied_at is not null
      and moved.prompt_id = open.prompt_id and moved.channel = open.channel and moved.revision = open.revision`)
}

/** Forgets at most `limit` confirmations of moves before then; answers how many. */
export async function deleteOldConfirmations(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const rows = await db.execute(sql`
    delete from prompt_confirmations where (prompt_id, channel, revision, process) in (
      select prompt_id, channel, revision, process
      from prompt_confirmations join prompt_activations using (prompt_id, channel, revision)
      where committed_at < ${before.toISOString()}
      order by committed_at limit ${limit})
    returning 1`)
  return rows.length
}
