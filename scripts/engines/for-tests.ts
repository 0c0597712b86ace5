import { migratePostgres } from '@/db/postgres/migrate'
import { startEngines } from './start'

/** Gives every test run its own engines, or those that DATABASE_URL and REDIS_URL name, at the newest schema. */
export default async function setup() {
  const engines = await startEngines({ home: '.engram/test', memory: true })
  process.env.DATABASE_URL = engines.databaseUrl
  process.env.REDIS_URL = engines.redisUrl
  await migratePostgres(engines.databaseUrl)
  return engines.stop
}
