import { existsSync } from 'node:fs'
import { postgresEnv } from '@/db/postgres/env'
import { migratePostgres } from '@/db/postgres/migrate'
import { redisEnv } from '@/db/redis/env'
import { serverEnv } from '@/server/env'
import { type Role, startRole, stopAll } from './processes'

/** Production: checks the settings, brings the database to the newest schema, runs the roles named as arguments. */
const roles = process.argv.slice(2) as Role[]

const wrong = [postgresEnv, redisEnv, serverEnv].flatMap((read) => {
  try {
    read()
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
})
if (roles.includes('console')) {
  if (!process.env.AUTH_SECRET) wrong.push('AUTH_SECRET: is needed to sign cookies (32 characters or more)')
  if (!existsSync('.next/BUILD_ID')) wrong.push('The console is not built yet: run npm run build first.')
}
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
await migratePostgres(postgresEnv().url)

const running = roles.map((role) => startRole(role))
const stop = async (code: number) => {
  await stopAll(running)
  process.exit(code)
}
process.once('SIGINT', () => void stop(0))
process.once('SIGTERM', () => void stop(0))
for (const { name, exited } of running)
  void exited.then((code) => {
    console.error(`${name} ended with code ${code}; stopping the others.`)
    void stop(code || 1)
  })
