import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { copyWith } from './copy'
import { withDeadline } from './deadline'
import { schema } from './schema'

export type Options = {
  url: string
  poolSize: number
  /** Milliseconds after which a query is given up. */
  deadlineMs: number
  /** Shown by Postgres in pg_stat_activity. */
  applicationName: string
  /** Hears how many milliseconds each call took. */
  observe?: (milliseconds: number) => void
}

const MOST_CONNECT_SECONDS = 5
const QUERY_CANCELED = '57014'

/**
 * A pooled Postgres handle. Works through PgBouncer in transaction mode: no session state, no startup parameter
 * that it would refuse, and statements unnamed, which also keeps every plan custom (R9).
 */
export function connectPostgres({ url, poolSize, deadlineMs, applicationName, observe }: Options) {
  const client = postgres(url, {
    max: poolSize,
    // A busy server takes its time to let somebody in; one that is gone refuses at once.
    connect_timeout: Math.min(MOST_CONNECT_SECONDS, deadlineMs / 1000),
    idle_timeout: 60,
    max_lifetime: 30 * 60,
    // R5: back within two seconds; the driver's own pause between attempts grows to twenty.
    backoff: () => 0.25,
    fetch_types: false,
    connection: { application_name: applicationName },
    onnotice: () => {},
  })
  const inTime = withDeadline(client, deadlineMs, observe)
  const db = drizzle({ client: inTime, schema, casing: 'snake_case' })
  return Object.assign(db, {
    copy: copyWith(client),
    /** Several statements as one message, which is one transaction (see ADR 49); answers the rows of each. */
    message: async (statements: string[]): Promise<object[][]> => {
      const ask = async () => await inTime.unsafe(statements.join(';'))
      // What was meant to end the statement before may have met this one, which then did nothing.
      const answer: object[] = await ask().catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error
        return ask()
      })
      return statements.length === 1 ? [answer] : (answer as object[][])
    },
    close: () => client.end({ timeout: 2 }),
  })
}

export type Postgres = ReturnType<typeof connectPostgres>
export type Transaction = Parameters<Parameters<Postgres['transaction']>[0]>[0]
/** What a query takes first: the pool, or the transaction it shall be part of. */
export type Db = Pick<
  Postgres,
  | 'select'
  | 'selectDistinct'
  | 'selectDistinctOn'
  | 'insert'
  | 'update'
  | 'delete'
  | 'execute'
  | 'query'
  | '$with'
  | 'with'
>
