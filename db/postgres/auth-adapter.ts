import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import type { Postgres } from './client'
import { operatorAccounts, operators, operatorSessions, operatorVerifications } from './schema/operators'

/** Our operators' tables under the names that better-auth gives them. */
export const authAdapter = (db: Postgres) =>
  drizzleAdapter(db, {
    provider: 'pg',
    schema: {
      user: operators,
      session: operatorSessions,
      account: operatorAccounts,
      verification: operatorVerifications,
    },
  })
