import { newestCensus } from '@/db/postgres/queries/censuses'
import { slowCommands } from '@/db/postgres/queries/redis-commands'
import { redisConditionsSince } from '@/db/postgres/queries/redis-samples'
import type { Stores } from '@/server/services/context'
import type { CensusReport, NamedKey } from './census/census.schema'
import type { RedisSide } from './redis-side'

/** When a check of the instance speaks up. Units are in the names. */
export const limits = {
  fragmentationRatio: 1.5,
  /** Less than this lost to fragmentation is nobody's trouble, whatever the ratio. */
  fragmentedBytes: 100 * 1024 * 1024,
  replicaLagBytes: 10 * 1024 * 1024,
  unsavedHours: 24,
  lastingGrowth: 0.2,
  lastingGrowthKeys: 10_000,
  bigKeyBytes: 10 * 1024 * 1024,
} as const

/** What is wrong with the instance or its keys; `since` is an ISO date, of conditions at the earliest the range's start. */
export type Finding =
  | { kind: 'save-failed'; severity: 'bad'; since: string | null; appendOnly: boolean }
  | { kind: 'connections-rejected'; severity: 'bad'; since: string | null; rejected: number; maxClients: number | null }
  | { kind: 'primary-link-down'; severity: 'bad'; since: string | null }
  | { kind: 'never-saved'; severity: 'warn'; lastSaveAt: string | null; changes: number }
  | { kind: 'no-memory-limit'; severity: 'warn'; since: string | null; usedBytes: number }
  | { kind: 'fragmented'; severity: 'warn'; since: string | null; ratio: number; lostBytes: number }
  | { kind: 'replica-behind'; severity: 'warn'; since: string | null; bytes: number }
  | { kind: 'keys-pile-up'; severity: 'warn'; since: string; keys: number; was: number }
  | { kind: 'big-keys'; severity: 'warn'; asOf: string; count: number; largest: NamedKey }
  | { kind: 'slow-commands'; severity: 'warn'; since: string; count: number; slowestUsec: number; command: string }

const HOUR_MS = 3_600_000

/** Looks at the instance over a range, worst first; and how many keys the declared families of sessions have. */
export async function findings(
  { db }: Pick<Stores, 'db'>,
  { from, to }: { from: Date; to: Date },
  { last, during }: Pick<RedisSide, 'last' | 'during'>,
) {
  const [since, census, slow] = await Promise.all([
    redisConditionsSince(db, { from, to, limits }),
    newestCensus(db, { before: to }),
    slowCommands(db, { from, to, limit: 100 }),
  ])
  const report = census ? (census.report as CensusReport) : null
  const found: Finding[] = []
  const time = (at: Date | null) => at?.toISOString() ?? null

  if (last) {
    const { usedMemoryBytes, rssBytes, fragmentationRatio: ratio, lastSaveAt, appendOnly } = last
    if (last.lastSaveOk === false || (appendOnly && last.appendOnlyOk === false))
      found.push({
        kind: 'save-failed',
        severity: 'bad',
        since: time(since.saveFails),
        appendOnly: last.lastSaveOk !== false,
      })
    if (during.rejected)
      found.push({
        ...({ kind: 'connections-rejected', severity: 'bad', rejected: during.rejected } as const),
        since: time(since.rejected),
        maxClients: last.maxClients,
      })
    if (last.primaryLinkUp === false)
      found.push({ kind: 'primary-link-down', severity: 'bad', since: time(since.linkDown) })
    const changes = last.changesSinceSave ?? 0
    const unsaved = lastSaveAt === null || Date.parse(last.at) - Date.parse(lastSaveAt) > limits.unsavedHours * HOUR_MS
    if (!appendOnly && last.lastSaveOk !== null && unsaved && changes > 0)
      found.push({ kind: 'never-saved', severity: 'warn', lastSaveAt, changes })
    if (last.maxMemoryBytes === 0)
      found.push({ kind: 'no-memory-limit', severity: 'warn', since: time(since.noLimit), usedBytes: usedMemoryBytes })
    const lostBytes = rssBytes - usedMemoryBytes
    if (ratio !== null && ratio > limits.fragmentationRatio && lostBytes > limits.fragmentedBytes)
      found.push({ kind: 'fragmented', severity: 'warn', since: time(since.fragmented), ratio, lostBytes })
    if ((last.replicaLagBytes ?? 0) > limits.replicaLagBytes)
      found.push({
        ...({ kind: 'replica-behind', severity: 'warn' } as const),
        since: time(since.replicaBehind),
        bytes: last.replicaLagBytes ?? 0,
      })
    const [lasting, was] = [last.keys - last.expiringKeys, since.lastingBefore]
    if (was !== null && lasting - was >= limits.lastingGrowthKeys && lasting >= was * (1 + limits.lastingGrowth))
      found.push({ kind: 'keys-pile-up', severity: 'warn', since: from.toISOString(), keys: lasting, was })
  }
  const big = report?.big.filter(({ bytes }) => bytes >= limits.bigKeyBytes) ?? []
  if (census && big[0])
    found.push({
      ...({ kind: 'big-keys', severity: 'warn', count: big.length, largest: big[0] } as const),
      asOf: census.finishedAt.toISOString(),
    })
  const slowest = slow.rows.toSorted((a, b) => b.usec - a.usec)[0]
  if (slowest && slow.slowestUsec !== null)
    found.push({
      ...({ kind: 'slow-commands', severity: 'warn', count: slow.total, slowestUsec: slow.slowestUsec } as const),
      since: (slow.firstAt ?? slowest.at).toISOString(),
      command: slowest.command,
    })
  const foreign = report?.families.filter(({ of, kind }) => of === 'declared' && kind === 'session') ?? []
  return { findings: found, foreignSessions: foreign.reduce((sum, { keys }) => sum + keys, 0) }
}
