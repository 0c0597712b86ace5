import { and, desc, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { redisCommandMinutes, redisSlowCommands } from '@/db/postgres/schema/cache'

type Range = { from: Date; to: Date }
export type SlowCommand = typeof redisSlowCommands.$inferSelect

/** Of two workers that counted the same minute the one that saw more of it wins. */
export async function saveCommandMinutes(db: Db, rows: (typeof redisCommandMinutes.$inferInsert)[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insert(redisCommandMinutes)
    .values(rows)
    .onConflictDoUpdate({
      target: [redisCommandMinutes.minute, redisCommandMinutes.command],
      set: {
        seconds: sql`excluded.seconds`,
        calls: sql`excluded.calls`,
        usec: sql`excluded.usec`,
        failed: sql`excluded.failed`,
      },
      setWhere: sql`excluded.seconds > ${redisCommandMinutes.seconds}`,
    })
}

const inside = ({ from, to }: Range) => and(gte(redisCommandMinutes.minute, from), lt(redisCommandMinutes.minute, to))

/** What each command did in whole minutes of a range, those first that Redis was busy with longest. */
export async function commandTotals(db: Db, { limit, ...range }: Range & { limit: number }) {
  const sum = (column: unknown) => sql`sum(${column})`.mapWith(Number)
  const { command, calls, usec, failed } = redisCommandMinutes
  const rows = await db
    .select({
      command,
      calls: sum(calls),
      usec: sum(usec),
      failed: sum(failed),
      all: sql`sum(sum(${usec})) over ()`.mapWith(Number),
      commands: sql`count(*) over ()`.mapWith(Number),
    })
    .from(redisCommandMinutes)
    .where(inside(range))
    .groupBy(command)
    .orderBy(desc(sql`sum(${usec})`), command)
    .limit(limit)
  return {
    rows: rows.map(({ all: _, commands: __, ...row }) => row),
    usec: rows[0]?.all ?? 0,
    commands: rows[0]?.commands ?? 0,
  }
}

/** How many seconds of a range the command statistics cover; 0 for none. */
export async function commandSeconds(db: Db, range: Range): Promise<number> {
  const minutes = db
    .select({ seconds: sql<number>`max(${redisCommandMinutes.seconds})`.as('seconds') })
    .from(redisCommandMinutes)
    .where(inside(range))
    .groupBy(redisCommandMinutes.minute)
    .as('minutes')
  const [row] = await db.select({ seconds: sql`coalesce(sum(${minutes.seconds}), 0)`.mapWith(Number) }).from(minutes)
  return row?.seconds ?? 0
}

/** Adds what is new and says how many that were: an entry is its run of Redis, its id and its start. */
export async function insertSlowCommands(db: Db, rows: SlowCommand[]): Promise<number> {
  if (rows.length === 0) return 0
  const fresh = await db
    .insert(redisSlowCommands)
    .values(rows)
    .onConflictDoNothing()
    .returning({ id: redisSlowCommands.id })
  return fresh.length
}

/** Those that began in a range, newest first, how many there are, and the slowest. */
export async function slowCommands(db: Db, { from, to, limit }: Range & { limit: number }) {
  const { at, usec, command, args, client, id, runId } = redisSlowCommands
  const rows = await db
    .select({
      ...{ at, usec, command, args, client, id, runId },
      total: sql`count(*) over ()`.mapWith(Number),
      slowest: sql`max(${usec}) over ()`.mapWith(Number),
      first: sql`min(${at}) over ()`.mapWith(at),
    })
    .from(redisSlowCommands)
    .where(and(gte(at, from), lt(at, to)))
    .orderBy(desc(at), desc(id))
    .limit(limit)
  return {
    rows: rows.map(({ total: _, slowest: __, first: ___, ...row }) => row),
    firstAt: rows[0]?.first ?? null,
    total: rows[0]?.total ?? 0,
    slowestUsec: rows[0]?.slowest ?? null,
  }
}

/** Deletes at most `limit` of either table from before `before`, oldest first, and says how many went. */
export async function deleteOldCommands(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const slow = redisSlowCommands
  const oldSlow = db.select({ at: slow.at }).from(slow).where(lt(slow.at, before)).orderBy(slow.at).limit(limit)
  const minutes = redisCommandMinutes
  const oldMinutes = db
    .select({ minute: minutes.minute })
    .from(minutes)
    .where(lt(minutes.minute, before))
    .orderBy(minutes.minute)
    .limit(limit)
  const [a, b] = await Promise.all([
    db.delete(slow).where(inArray(slow.at, oldSlow)).returning({ id: slow.id }),
    db.delete(minutes).where(inArray(minutes.minute, oldMinutes)).returning({ command: minutes.command }),
  ])
  return a.length + b.length
}
