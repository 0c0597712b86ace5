import { insertMissingTenants } from '@/db/postgres/queries/tenants'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'

/** A tenant that this process has written for lately. */
type Named = { at: number; simulated: boolean; registered: boolean }
type Names = { slugs: Iterable<string>; simulated: boolean }
type Postgres = Pick<Stores, 'db'>

/**
 * A tenant may be erased by another process while we write for it. So every tenant that was named is registered again
 * each second (`renewTenants`), until longer after its last use than any write can take: what is written during or
 * after an erasure belongs to a tenant that is registered anew, and never to none.
 */
const RENEWED_FOR_MS = 10_000
const PATIENCE_MS = 250
const named = new WeakMap<Stores['db'], Map<string, Named>>()

/** Registers tenants that a key names for the first time; `simulated` when the key is the demo's own. */
export async function ensureTenants({ db }: Postgres, names: Names): Promise<void> {
  const missing = name(db, names)
  if (missing.length > 0) await register(db, missing, names.simulated)
}

/** The same for writes to Redis, which go on without Postgres (R5): registered as soon as Postgres answers. */
export async function noteTenant({ db }: Postgres, { slug, simulated }: { slug: string; simulated: boolean }) {
  const missing = name(db, { slugs: [slug], simulated })
  if (missing.length === 0) return
  const registered = register(db, missing, simulated).catch((error: unknown) => {
    if (!expected(error)) throw error
  })
  await Promise.race([registered, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())])
}

/** Registers again what was named lately. The gateway calls this every second, and once before it ends. */
export async function renewTenants({ db }: Postgres): Promise<void> {
  const all = tenantsOf(db)
  const stale = Date.now() - RENEWED_FOR_MS
  for (const [slug, { at, registered }] of all) if (registered && at < stale) all.delete(slug)
  for (const simulated of [true, false]) {
    const slugs = [...all].filter(([, tenant]) => tenant.simulated === simulated).map(([slug]) => slug)
    if (slugs.length > 0) await register(db, slugs, simulated)
  }
}

/** This process erased the tenant: whoever names it next registers it anew. */
export const forgetTenant = ({ db }: Postgres, slug: string) => tenantsOf(db).delete(slug)

function name(db: Stores['db'], { slugs, simulated }: Names): string[] {
  const all = tenantsOf(db)
  const missing: string[] = []
  for (const slug of new Set(slugs)) {
    const known = all.get(slug)
    if (!known?.registered) missing.push(slug)
    all.set(slug, { at: Date.now(), simulated, registered: known?.registered ?? false })
  }
  return missing
}

async function register(db: Stores['db'], slugs: string[], simulated: boolean): Promise<void> {
  await insertMissingTenants(db, slugs, simulated)
  for (const slug of slugs) {
    const known = tenantsOf(db).get(slug)
    if (known) known.registered = true
  }
}

function tenantsOf(db: Stores['db']): Map<string, Named> {
  let all = named.get(db)
  if (!all) named.set(db, (all = new Map()))
  return all
}
