import { postgresEnv } from '@/db/postgres/env'
import { migratePostgres } from '@/db/postgres/migrate'

await migratePostgres(postgresEnv().url)
console.log('The database is at the newest schema.')
