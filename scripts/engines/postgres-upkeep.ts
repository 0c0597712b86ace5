import type { PGlite } from '@electric-sql/pglite'

import type { Backend } from './postgres-backend'

const WAL_BEFORE_CHECKPOINT_BYTES = 64 * 1024 * 1024
const LARGEST_TABLE_BYTES = 128 * 1024 * 1024

const walSinceCheckpoint = `
  select (pg_current_wal_insert_lsn() - redo_lsn)::float8 as bytes from pg_control_checkpoint()`

/** Autovacuum's own thresholds and its own order of things: dead rows first, then stale planner statistics. */
const neediestTable = `
  with seen as (
    select format('%I.%I', s.schemaname, s.relname) as name,
           s.n_dead_tup as dead, 50 + 0.2 * greatest(c.reltuples, 0) as too_many_dead,
           s.n_mod_since_analyze as changed, 50 + 0.1 * greatest(c.reltuples, 0) as too_many_changed
      from pg_stat_all_tables s join pg_class c on c.oid = s.relid
     where s.schemaname <> 'pg_toast' and c.relpersistence <> 't'
       and pg_total_relation_size(c.oid) <= ${LARGEST_TABLE_BYTES})
  select name, dead > too_many_dead as has_dead_rows from seen
   where dead > too_many_dead or changed > too_many_changed
   order by has_dead_rows desc, dead + changed desc limit 1`

/**
 * PGlite is a backend without a postmaster: no checkpointer, no autovacuum. Left alone, the WAL and with it the
 * recovery after a crash grow without end (measured: 600 MB, 6 s), and plans rest on no statistics. One small step
 * per tick, between two clients' turns. Larger tables are left to whoever runs VACUUM: it would hold everyone up.
 */
export function keepUp(pg: PGlite, backend: Backend, everyMs: number, onFailure: (error: unknown) => void) {
  const timer = setInterval(() => void backend.exclusively(() => step(pg)).catch(onFailure), everyMs)
  return () => clearInterval(timer)
}

async function step(pg: PGlite): Promise<void> {
  const [wal] = (await pg.query<{ bytes: number }>(walSinceCheckpoint)).rows
  if (wal && wal.bytes > WAL_BEFORE_CHECKPOINT_BYTES) await pg.exec('CHECKPOINT')
  const [table] = (await pg.query<{ name: string; has_dead_rows: boolean }>(neediestTable)).rows
  if (table) await pg.exec(table.has_dead_rows ? `VACUUM (ANALYZE) ${table.name}` : `ANALYZE ${table.name}`)
}
