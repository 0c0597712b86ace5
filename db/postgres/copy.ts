import type postgres from 'postgres'
import { PostgresDeadlineError } from './deadline'

const MOST_MS = 30_000

/**
 * `COPY target FROM STDIN (FORMAT binary)` of what binary-rows.ts made, all of it or nothing. `target` is SQL: the table
 * and its columns.
 */
export const copyWith =
  (client: postgres.Sql) =>
  async (target: string, rows: Buffer): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new PostgresDeadlineError(MOST_MS)), MOST_MS)
    })
    const copied = client.begin((tx) => copyIn(tx, `copy ${target} from stdin (format binary)`, rows))
    try {
      await Promise.race([copied, late])
    } finally {
      clearTimeout(timer)
      copied.catch(() => {}) // one that was given up may still fail
    }
  }

/**
 * The driver never tells of a COPY that Postgres refuses after its last byte. The next statement of the transaction does; it
 * can be sent once the driver has sent that byte.
 */
async function copyIn(tx: postgres.TransactionSql, statement: string, rows: Buffer): Promise<void> {
  const stream = await tx.unsafe(statement).writable()
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject)
    stream.write(rows, () => {
      stream.end(resolve)
      setImmediate(() => tx.unsafe('select 1').catch(reject))
    })
  })
}
