import { execFileSync } from 'node:child_process'
import type { TestProject } from 'vitest/node'
import { migratePostgres } from '@/db/postgres/migrate'
import { startEngines } from './start'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether this run was given engines, rather than embedded ones. */
    enginesGiven: boolean
  }
}

/** Gives every test run its own engines, or those that DATABASE_URL and REDIS_URL name, at the newest schema. */
export default async function setup({ provide }: TestProject) {
  // Whoever pulled a change of it without installing anew has the driver as it was.
  execFileSync(process.execPath, ['scripts/mend-driver.mjs'], { stdio: 'inherit' })
  provide('enginesGiven', Boolean(process.env.DATABASE_URL))
  const engines = await startEngines({ home: '.engram/test', memory: true })
  process.env.DATABASE_URL = engines.databaseUrl
  process.env.REDIS_URL = engines.redisUrl
  await migratePostgres(engines.databaseUrl)
  return engines.stop
}
