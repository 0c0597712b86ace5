/**
 * The catalogue: every family of data, where its truth lives, what Redis holds of it and what is lost with either
 * store. Keys are built here and nowhere else. A part that users choose is percent-encoded, so that no name can
 * leave its place; braces are hash tags, which keep the keys of one entry in one slot of a cluster.
 */
const PREFIX = 'engram'
const part = (text: string) => encodeURIComponent(text)
const SESSION = new RegExp(`^${PREFIX}:sessions:\\{s\\d+\\}:([^:]*)(:gone)?$`)
const LIMIT = new RegExp(`^${PREFIX}:limits:\\{[^:]*:([^:]*):`)
const KV = new RegExp(`^${PREFIX}:kv:([^:]*):([^:]*):\\{([^}]*)\\}$`)
/** What percent-encoding leaves alone and SCAN would read as a wildcard. */
const glob = (text: string) => text.replaceAll('*', '\\*')

/**
 * Sessions lie in this many slots of a cluster rather than in one each: an index, and the turns that wait for Postgres,
 * can then change in the same script as the session itself. Another number orphans every session there is.
 */
export const SESSION_SHARDS = 16
export const sessionShards = Array.from({ length: SESSION_SHARDS }, (_, shard) => shard)

/** FNV-1a of the id. */
export function shardOf(id: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(id)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0) % SESSION_SHARDS
}

export type Family = {
  truth: 'Postgres' | 'Redis' | 'the model'
  holds: string
  /** Seconds; null where the entry says, or where nothing expires. */
  ttlSeconds: number | null
  lostWithRedis: string
  lostWithPostgres: string
  /** SCAN pattern that covers the family. */
  pattern: string
}

export const families = {
  prompts: {
    truth: 'Postgres',
    holds: 'active version per prompt and channel',
    ttlSeconds: 3600,
    lostWithRedis: 'nothing',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:prompts:*`,
  },
  answers: {
    truth: 'the model',
    holds: 'answers by exact key, per namespace and tenant',
    ttlSeconds: null,
    lostWithRedis: 'money, not data',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:answers:*`,
  },
  promptAnswers: {
    truth: 'the model',
    holds: 'digests of the answers made with each prompt version, by expiry, to count them',
    ttlSeconds: null,
    lostWithRedis: 'a count, not data',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:prompt-answers:*`,
  },
  sessions: {
    truth: 'Redis',
    holds: 'session data and recent turns, but for namespaces that live in an unlogged table',
    ttlSeconds: null,
    lostWithRedis: 'live sessions',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:sessions:*`,
  },
  conversations: {
    truth: 'Postgres',
    holds: 'turns on their way to Postgres, a second of them',
    ttlSeconds: null,
    lostWithRedis: 'turns of the last second',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:conversations:*`,
  },
  limits: {
    truth: 'Redis',
    holds: 'counters of rate limits',
    ttlSeconds: null,
    lostWithRedis: 'a brief reset',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:limits:*`,
  },
  budgets: {
    truth: 'Postgres',
    holds: 'what the calls of each budget that refuses cost so far',
    ttlSeconds: 86_400,
    lostWithRedis: 'nothing: counted anew',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:budgets:*`,
  },
  kv: {
    truth: 'Redis',
    holds: 'entries of the key-value namespaces that were put there',
    ttlSeconds: null,
    lostWithRedis: 'as chosen',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:kv:*`,
  },
  leaderboards: {
    truth: 'Postgres',
    holds: 'the live ranking of each board, and scores that its ledger does not hold yet',
    ttlSeconds: null,
    lostWithRedis: 'nothing: rebuilt; of live boards the scores of the last second',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:leaderboards:*`,
  },
  memory: {
    truth: 'Postgres',
    holds: 'answers to searches of vector memory, per tenant',
    ttlSeconds: 300,
    lostWithRedis: 'nothing',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:memory:*`,
  },
  flags: {
    truth: 'Postgres',
    holds: 'the definition of each flag',
    ttlSeconds: 60,
    lostWithRedis: 'nothing',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:flags:*`,
  },
  operators: {
    truth: 'Postgres',
    holds: "operators' sign-ins and their rate limits",
    ttlSeconds: null,
    lostWithRedis: 'nothing',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:operators:*`,
  },
  trash: {
    truth: 'Redis',
    holds: 'keys that operators deleted a minute ago, for an undo',
    ttlSeconds: 90,
    lostWithRedis: 'an undo',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:trash:*`,
  },
} as const satisfies Record<string, Family>

export type FamilyName = keyof typeof families
const starts = Object.entries(families).map(
  ([name, { pattern }]) => [name as FamilyName, pattern.slice(0, -1)] as const,
)

/** Which of our families a key belongs to; null for what other software wrote. */
export const familyOf = (key: string): FamilyName | null =>
  starts.find(([, start]) => key.startsWith(start))?.[0] ?? null

export const keys = {
  /** The active version, as JSON. */
  prompt: (name: string, channel: string) => `${PREFIX}:prompts:{${part(name)}:${part(channel)}}`,
  /** The token that a fill must still hold (R4). */
  promptFence: (name: string, channel: string) => `${keys.prompt(name, channel)}:fence`,
  answer: (namespace: string, tenant: string, key: string) =>
    `${PREFIX}:answers:${part(namespace)}:${part(tenant)}:${part(key)}`,
  /** Every answer of one tenant, as a SCAN pattern. */
  answersOfTenant: (tenant: string) => `${PREFIX}:answers:*:${part(tenant)}:*`,
  /** Sorted set of digests of answers by expiry (epoch milliseconds). */
  promptAnswers: (name: string, version: number) => `${PREFIX}:prompt-answers:${part(name)}:${version}`,
  /** Sorted set of those sets by the time when they go. */
  promptAnswersIndex: () => `${PREFIX}:prompt-answers:index`,
  session: (id: string) => `${PREFIX}:sessions:{s${shardOf(id)}}:${part(id)}`,
  /** The id of a session's key, or of one that was logged out; null for other keys of the family. */
  sessionId: (key: string) => {
    const [, id, gone] = SESSION.exec(key) ?? []
    return id === undefined ? null : idOf(id, key, gone !== undefined)
  },
  sessionTurns: (id: string) => `${keys.session(id)}:turns`,
  /** Where a session that was logged out waits to be restored, or to end. */
  goneSession: (id: string) => `${keys.session(id)}:gone`,
  goneTurns: (id: string) => `${keys.goneSession(id)}:turns`,
  /** Sorted set of live session ids of a shard by expiry (epoch milliseconds). */
  liveSessions: (shard: number) => `${PREFIX}:sessions:live:{s${shard}}`,
  /** Sorted set of what one log-out took from a shard, by expiry. */
  loggedOut: (shard: number, logout: string) => `${PREFIX}:sessions:out:{s${shard}}:${part(logout)}`,
  /** Stream of turns that wait for Postgres, in the order in which they came. */
  waitingTurns: (shard: number) => `${PREFIX}:conversations:{s${shard}}`,
  /** How many bytes wait in that stream. */
  waitingBytes: (shard: number) => `${PREFIX}:conversations:{s${shard}}:bytes`,
  /** Tenant and subject are one tag: whatever is kept of a subject lies in one slot. */
  limit: (policyId: string, tenant: string, subject: string, shape: string) =>
    `${PREFIX}:limits:{${policyId}:${part(tenant)}:${part(subject)}}:${shape}`,
  /** The tenant of a counter's key, empty where it has none; null for other keys. */
  limitTenant: (key: string) => LIMIT.exec(key)?.[1] ?? null,
  budget: ({ id, tenant }: { id: string; tenant: string | null }) => `${PREFIX}:budgets:{${part(tenant ?? '')}:${id}}`,
  /** What was added to a budget's counter since it was reconciled, by transaction. */
  budgetAdded: (budget: { id: string; tenant: string | null }) => `${keys.budget(budget)}:added`,
  /** Every counter of one tenant's budgets, as a SCAN pattern. */
  budgetsOfTenant: (tenant: string) => `${PREFIX}:budgets:{${part(tenant)}:*`,
  kv: (namespace: string, tenant: string, key: string) =>
    `${PREFIX}:kv:${part(namespace)}:${part(tenant)}:{${part(key)}}`,
  /** Every entry of a namespace, as a SCAN pattern. */
  kvOfNamespace: (namespace: string) => `${PREFIX}:kv:${glob(part(namespace))}:*`,
  /** Every entry of a tenant, as a SCAN pattern. */
  kvOfTenant: (tenant: string) => `${PREFIX}:kv:*:${part(tenant)}:*`,
  /** What an entry's key says; null for other keys. */
  kvEntry: (name: string) => {
    const [, namespace, tenant, key] = KV.exec(name) ?? []
    if (namespace === undefined || tenant === undefined || key === undefined) return null
    const [decoded, of, at] = [namespace, tenant, key].map(decodeURIComponent)
    return { namespace: decoded ?? '', tenant: of ?? '', key: at ?? '' }
  },
  /** Sorted set: the live ranking. Everything of one board shares its slot. */
  leaderboard: ({ tenant, name }: { tenant: string | null; name: string }) =>
    `${PREFIX}:leaderboards:{${part(tenant ?? '')}:${part(name)}}`,
  /** Every key of one tenant's boards, as a SCAN pattern. */
  leaderboardsOfTenant: (tenant: string) => `${PREFIX}:leaderboards:{${part(tenant)}:*`,
  /** The token that answers to searches must hold (R4); writes take it away. */
  memoryEpoch: (tenant: string) => `${PREFIX}:memory:{${part(tenant)}}:epoch`,
  /** Sorted set of the writes under way by when they are given up (epoch milliseconds). */
  memoryWriters: (tenant: string) => `${PREFIX}:memory:{${part(tenant)}}:writers`,
  memorySearch: (tenant: string, digest: string) => `${PREFIX}:memory:{${part(tenant)}}:search:${digest}`,
  /** All of the above of one tenant, as a SCAN pattern. */
  memoryOfTenant: (tenant: string) => `${PREFIX}:memory:{${part(tenant)}}:*`,
  /** Its rules and those of single tenants, as JSON. */
  flag: (name: string) => `${PREFIX}:flags:{${part(name)}}`,
  flagFence: (name: string) => `${keys.flag(name)}:fence`,
  operator: (key: string) => `${PREFIX}:operators:${part(key)}`,
  /** Where a deleted key waits; `tag` is bytes of its name, which keep it in its slot. */
  trash: (tag: Buffer, id: string) => Buffer.concat([Buffer.from(`${PREFIX}:trash:{`), tag, Buffer.from(`}:${id}`)]),
}

/** Null where another program wrote a key that looks like ours. */
function idOf(encoded: string, key: string, gone: boolean): { id: string; gone: boolean } | null {
  try {
    const id = decodeURIComponent(encoded)
    return (gone ? keys.goneSession(id) : keys.session(id)) === key ? { id, gone } : null
  } catch {
    return null
  }
}

/** The pub/sub channel that tells processes to drop their own copies. */
export const INVALIDATIONS = `${PREFIX}:invalidations`
