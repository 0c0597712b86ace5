import { asc, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { prompts } from '@/db/postgres/schema/prompts'
import { tenants } from '@/db/postgres/schema/tenants'

const FOUND = 50

/** `position` rather than LIKE: what people type is text, not a pattern. */
export async function searchTenants(db: Db, search: string) {
  const needle = search.toLowerCase()
  const rows = await db
    .select({ slug: tenants.slug, name: tenants.name, simulated: tenants.simulated })
    .from(tenants)
    .where(sql`position(${needle} in ${tenants.slug}) > 0 or position(${needle} in lower(${tenants.name})) > 0`)
    .orderBy(asc(tenants.slug))
    .limit(FOUND + 1)
  return { tenants: rows.slice(0, FOUND), more: rows.length > FOUND }
}

export async function searchPrompts(db: Db, search: string) {
  const rows = await db
    .select({ name: prompts.name })
    .from(prompts)
    .where(sql`position(${search.toLowerCase()} in lower(${prompts.name})) > 0`)
    .orderBy(asc(prompts.name))
    .limit(FOUND + 1)
  return { prompts: rows.slice(0, FOUND).map((row) => row.name), more: rows.length > FOUND }
}
