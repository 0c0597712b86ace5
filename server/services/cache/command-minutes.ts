import { saveCommandMinutes } from '@/db/postgres/queries/redis-commands'
import type { CommandCounters } from '@/db/redis/info'
import type { Stores } from '@/server/services/context'
import { commandDeltas, type Timed } from './info-delta'

const MINUTE_MS = 60_000
/** Kept while Postgres is away: one hour. */
const MOST_UNSAVED = 60

type Minute = { seconds: number; commands: Map<string, CommandCounters> }

/** Adds up what each command did by the minute, and writes a minute once when it is over. */
export function commandMinutes({ db }: Pick<Stores, 'db'>) {
  const minutes = new Map<number, Minute>()
  const minuteOf = (at: number) => Math.floor(at / MINUTE_MS) * MINUTE_MS
  return {
    /** Two readings that may be subtracted: the same run of Redis, close together. */
    add(before: Timed, now: Timed) {
      const at = minuteOf(now.at)
      const minute = minutes.get(at) ?? { seconds: 0, commands: new Map<string, CommandCounters>() }
      minutes.set(at, minute)
      minute.seconds += (now.at - before.at) / 1000
      for (const [command, { calls, usec, failed }] of commandDeltas(before.reading, now.reading)) {
        const so = minute.commands.get(command) ?? { calls: 0, usec: 0, failed: 0 }
        minute.commands.set(command, { calls: so.calls + calls, usec: so.usec + usec, failed: so.failed + failed })
      }
    },
    async flush(now: number): Promise<void> {
      for (const oldest of [...minutes.keys()].slice(0, -MOST_UNSAVED)) minutes.delete(oldest)
      for (const [at, { seconds, commands }] of minutes) {
        if (at >= minuteOf(now)) continue
        const rows = [...commands].map(([command, counted]) => ({ minute: new Date(at), command, seconds, ...counted }))
        await saveCommandMinutes(db, rows)
        minutes.delete(at)
      }
    },
  }
}
