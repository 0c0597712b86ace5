import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'

export async function pingPostgres(db: Db): Promise<void> {
  await db.execute(sql`select 1`)
}
