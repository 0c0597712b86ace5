import type { CommandCounters, Counters, InfoReading } from '@/db/redis/info'

/** A gap longer than this is not bridged: what happened in it belongs to no five seconds. */
const LONGEST_GAP_SECONDS = 30

const counters = [
  'keyspaceHits',
  'keyspaceMisses',
  'commands',
  'evictedKeys',
  'expiredKeys',
  'rejectedConnections',
  'commandUsec',
] as const satisfies (keyof Counters)[]

export type Timed = { at: number; reading: InfoReading }
export type InfoDelta = { seconds: number } & Counters

/**
 * What Redis did between two readings, times in epoch milliseconds; null where there is nothing honest to subtract
 * from: no reading before, a restart or CONFIG RESETSTAT in between, or too long a gap.
 */
export function infoDelta(before: Timed | null, now: Timed): InfoDelta | null {
  if (!before) return null
  const seconds = (now.at - before.at) / 1000
  if (seconds <= 0 || seconds > LONGEST_GAP_SECONDS) return null
  if (now.reading.runId !== before.reading.runId || now.reading.uptimeSeconds < before.reading.uptimeSeconds)
    return null
  if (counters.some((name) => now.reading[name] < before.reading[name])) return null
  const difference = (name: keyof Counters) => now.reading[name] - before.reading[name]
  return {
    seconds,
    keyspaceHits: difference('keyspaceHits'),
    keyspaceMisses: difference('keyspaceMisses'),
    commands: difference('commands'),
    evictedKeys: difference('evictedKeys'),
    expiredKeys: difference('expiredKeys'),
    rejectedConnections: difference('rejectedConnections'),
    commandUsec: difference('commandUsec'),
  }
}

/** What each command did between two readings that `infoDelta` says may be subtracted; only those that were called. */
export function commandDeltas(before: InfoReading, now: InfoReading): Map<string, CommandCounters> {
  const deltas = new Map<string, CommandCounters>()
  for (const [command, counted] of Object.entries(now.commandStats)) {
    const was = before.commandStats[command] ?? { calls: 0, usec: 0, failed: 0 }
    const [calls, usec, failed] = [counted.calls - was.calls, counted.usec - was.usec, counted.failed - was.failed]
    // A refused command is counted without a call.
    if (calls > 0 || failed > 0) deltas.set(command, { calls, usec: Math.max(0, usec), failed: Math.max(0, failed) })
  }
  return deltas
}
