import { commandSeconds, commandTotals, slowCommands } from '@/db/postgres/queries/redis-commands'
import type { Stores } from '@/server/services/context'
import { type Scope, windowOf } from '@/server/services/scope.schema'

const COMMANDS_SHOWN = 20
const SLOW_SHOWN = 50

/** What Redis did over a range, by command, as rates over the seconds that are known; and the slow log of the same time. */
export async function commandsReport({ db }: Pick<Stores, 'db'>, scope: Scope, now = new Date()) {
  const range = windowOf(scope, now)
  const [{ rows, usec, commands }, seconds, slow] = await Promise.all([
    commandTotals(db, { ...range, limit: COMMANDS_SHOWN }),
    commandSeconds(db, range),
    slowCommands(db, { ...range, limit: SLOW_SHOWN }),
  ])
  return {
    asOf: now.toISOString(),
    seconds,
    commands: rows.map(({ command, calls, usec: own, failed }) => ({
      command,
      failed,
      perSecond: seconds > 0 ? calls / seconds : null,
      usecPerCall: calls > 0 ? own / calls : null,
      /** Of the time that Redis spent in commands. */
      share: usec > 0 ? own / usec : 0,
    })),
    commandsInAll: commands,
    slow: {
      ...slow,
      rows: slow.rows.map((row) => ({ ...row, at: row.at.toISOString() })),
      firstAt: slow.firstAt?.toISOString() ?? null,
    },
  }
}
export type CommandsReport = Awaited<ReturnType<typeof commandsReport>>
