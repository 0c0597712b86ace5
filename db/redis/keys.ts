/**
 * The catalogue: every family of data, where its truth lives, what Redis holds of it and what is lost with either
 * store. Keys are built here and nowhere else. A part that users choose is percent-encoded, so that no name can
 * leave its place; braces are hash tags, which keep the keys of one entry in one slot of a cluster.
 */
const PREFIX = 'engram'
const part = (text: string) => encodeURIComponent(text)
const SESSION = new RegExp(`^${PREFIX}:sessions:\\{([^}]*)\\}$`)

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
    holds: 'session data and recent turns',
    ttlSeconds: null,
    lostWithRedis: 'live sessions',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:sessions:*`,
  },
  operators: {
    truth: 'Postgres',
    holds: "operators' sign-ins and their rate limits",
    ttlSeconds: null,
    lostWithRedis: 'nothing',
    lostWithPostgres: 'nothing',
    pattern: `${PREFIX}:operators:*`,
  },
} as const satisfies Record<string, Family>

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
  session: (id: string) => `${PREFIX}:sessions:{${part(id)}}`,
  /** The id of a session's key; null for other keys of the family. */
  sessionId: (key: string) => {
    const id = SESSION.exec(key)?.[1]
    return id === undefined ? null : decodeURIComponent(id)
  },
  sessionTurns: (id: string) => `${keys.session(id)}:turns`,
  /** Sorted set of live session ids by expiry (epoch milliseconds). */
  liveSessions: () => `${PREFIX}:sessions-live`,
  operator: (key: string) => `${PREFIX}:operators:${part(key)}`,
}

/** The pub/sub channel that tells processes to drop their own copies. */
export const INVALIDATIONS = `${PREFIX}:invalidations`
