import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

/** Any constant does; it only has to be the same in every process that migrates. */
const MIGRATION_LOCK = 7_261_001

/**
 * Brings the database to the newest schema. Safe to run twice and from two processes at once: the second waits
 * on a lock that lives as long as the first one's transaction.
 */
export async function migratePostgres(url: string, folder = 'drizzle') {
  const pool = postgres(url, { max: 2, connect_timeout: 10, fetch_types: false, onnotice: () => {} })
  try {
    await retryConnecting(() => pool`select 1`)
    await pool.begin(async (lock) => {
      await lock`select pg_advisory_xact_lock(${MIGRATION_LOCK})`
      // drizzle opens its own transaction; here that is a savepoint of the one that holds the lock.
      const client = Object.assign(lock, { begin: lock.savepoint, options: pool.options })
      await migrate(drizzle({ client: client as never }), { migrationsFolder: folder })
    })
  } finally {
    await pool.end({ timeout: 2 })
  }
}

async function retryConnecting(probe: () => PromiseLike<unknown>, attempts = 40): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await probe()
      return
    } catch (error) {
      if (attempt === attempts) throw error
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}
