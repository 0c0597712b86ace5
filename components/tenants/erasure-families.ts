import type { ErasureReceipt, UsagePolicy } from '@/server/services/tenants/tenants.schema'

type RedisName = keyof ErasureReceipt['redis']
type TableName = keyof ErasureReceipt['postgres']
type Both = { redis: Partial<Record<RedisName, number>>; postgres: Partial<Record<TableName, number>> }

/** Every family of data that names a tenant, with its parts in each memory. */
export const erasureFamilies: { name: string; redis: RedisName[]; postgres: TableName[] }[] = [
  {
    name: 'Vector memory',
    redis: ['searches'],
    postgres: [
      'memory',
      'memoryPartitions',
      'memoryActivity',
      'memorySearches',
      'memorySamples',
      'memoryRecalls',
      'memoryReEmbeddings',
      'jobs',
    ],
  },
  { name: 'Conversations', redis: ['waitingTurns'], postgres: ['conversations', 'messages'] },
  { name: 'Sessions', redis: ['sessions'], postgres: ['sessionsUnlogged'] },
  { name: 'Answer cache', redis: ['answers', 'answerDigests'], postgres: ['cacheLookups'] },
  { name: 'Key-value', redis: ['kv'], postgres: ['kvLogged', 'kvUnlogged'] },
  { name: 'Rate limits', redis: ['limits'], postgres: ['limitPolicies', 'limitCounters', 'limitCounts'] },
  { name: 'Leaderboards', redis: ['leaderboards'], postgres: ['leaderboards'] },
  { name: 'Flags', redis: [], postgres: ['flagOverrides', 'flagChanges'] },
  {
    name: 'Usage and cost',
    redis: [],
    postgres: [
      'llmUsage',
      'usageEvents',
      'usageDeltas',
      'usageHourly',
      'usageHourlyUsers',
      'usageHourlyStatuses',
      'usageHourlyLatencies',
      'usageDaily',
      'usageDailyUsers',
      'usageDailyStatuses',
      'priceCorrectionSlices',
      'priceCorrectionRows',
    ],
  },
  { name: 'Prices and budgets', redis: ['budgets'], postgres: ['priceOverrides', 'priceAliases', 'budgets'] },
  { name: 'Keys', redis: [], postgres: ['apiKeys'] },
  { name: 'The tenant itself', redis: [], postgres: ['tenants'] },
]

const sum = <Name extends string>(names: Name[], of: Partial<Record<Name, number>>) =>
  names.reduce((total, name) => total + (of[name] ?? 0), 0)

/** The parts that are not zero, by name: "memory 1,200 · memoryRecalls 3". */
const partsText = <Name extends string>(names: Name[], of: Partial<Record<Name, number>>) =>
  names
    .filter((name) => of[name])
    .map((name) => `${name} ${(of[name] ?? 0).toLocaleString('en-US')}`)
    .join(' · ')

/** What is there of each family: keys in Redis and rows in Postgres; null where a family has no part in a memory. */
export const prepareFamilies = ({ redis, postgres }: Both) =>
  erasureFamilies.map((family) => ({
    name: family.name,
    redis: family.redis.length > 0 ? sum(family.redis, redis) : null,
    postgres: family.postgres.length > 0 ? sum(family.postgres, postgres) : null,
    parts: [partsText(family.redis, redis), partsText(family.postgres, postgres)].filter(Boolean).join(' · '),
  }))
export type FamilyCount = ReturnType<typeof prepareFamilies>[number]

/** A receipt by family: found, erased, kept, and what the second look still found. */
export function prepareReceipt(receipt: Pick<ErasureReceipt, 'found' | 'redis' | 'postgres' | 'kept' | 'remaining'>) {
  const [found, erased, remaining] = [receipt.found, receipt, receipt.remaining].map(prepareFamilies)
  return erasureFamilies.map(({ name, postgres }, at) => {
    const of = (families: FamilyCount[] | undefined) => (families?.[at]?.redis ?? 0) + (families?.[at]?.postgres ?? 0)
    return {
      name,
      found: of(found),
      redis: erased?.[at]?.redis ?? null,
      postgres: erased?.[at]?.postgres ?? null,
      kept: sum(postgres, receipt.kept),
      remaining: of(remaining),
      parts: erased?.[at]?.parts ?? '',
    }
  })
}
export type ReceiptLine = ReturnType<typeof prepareReceipt>[number]

export const totalOf = (counts: Both): number =>
  prepareFamilies(counts).reduce((total, { redis, postgres }) => total + (redis ?? 0) + (postgres ?? 0), 0)

export const policies: { value: UsagePolicy; label: string; hint: string; past: string }[] = [
  {
    value: 'erase',
    label: 'Erase it',
    hint: 'Calls and their sums go: totals of the past become smaller.',
    past: 'erased',
  },
  {
    value: 'anonymise',
    label: 'Anonymise it',
    hint: 'Every sum stays. Tenant, users and conversations get names that nobody can lead back, not even Engram.',
    past: 'anonymised',
  },
  {
    value: 'keep',
    label: 'Keep it',
    hint: "Calls and their sums stay under the tenant's name, as books may have to. The receipt says so.",
    past: 'kept under its name',
  },
]
