import type { Decoding, FamilyKind, Proposal } from './census.schema'
import { globEscape } from './glob'

/** What was seen of one foreign key: its printable name and the head of its value as latin1, or the fields of a hash. */
export type Seen = { key: string; type: string; head: string; fields: string[] }
/** Foreign keys that share a prefix, how many there are, and those that were looked into. */
export type SeenGroup = { keys: number; seen: Seen[] }

type Found = { pattern: string; kind: FamilyKind; decode: Decoding; userAt: string | null; evidence: string }
type Rule = { software: string; find: (seen: Seen) => Found | null }

const PICKLE = /^\x80[\x02-\x05]/
const INTEGER = /^-?\d+$/
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
/** Up to the last colon or slash; where there is neither, up to the first other separator. */
const ITS_PREFIX = /^(.*[:/]|[^:/._-]+[._-])[^:/]+$/
const ULID = /^(.*:)[0-9A-HJKMNP-TV-Z]{26}$/

/** Everything up to the last separator of its part, and whatever follows. */
const upTo = (key: string, end: RegExp) => {
  const start = end.exec(key)?.[1]
  return start ? `${globEscape(start)}*` : null
}
const has = (fields: string[], ...wanted: string[]) => wanted.every((field) => fields.includes(field))

/** Where session data of Node applications usually names its user; the first that is there. */
const userPaths = [
  ['passport.user', /"passport":\{"user":/],
  ['user.id', /"user":\{[^}]*"id":/],
  ['userId', /"userId":/],
  ['user', /"user":"/],
] as const

/** One rule per software, by names and shape of value together; where both come from is said with each. */
const rules: Rule[] = [
  {
    // README of connect-redis: prefix `sess:`, JSON; express-session's Store keeps `cookie` with `originalMaxAge`.
    software: 'connect-redis',
    find: ({ key, type, head }) => {
      const pattern = upTo(key, ITS_PREFIX)
      if (type !== 'string' || !pattern || !/^\{.*"cookie":\{[^}]*"originalMaxAge":/s.test(head)) return null
      const userAt = userPaths.find(([, there]) => there.test(head))?.[0] ?? null
      return { pattern, kind: 'session', decode: 'json', userAt, evidence: 'JSON with cookie.originalMaxAge' }
    },
  },
  {
    // @hapi/iron and iron-webcrypto: a seal begins with macPrefix, `Fe26.` and the format version 2.
    software: 'iron sessions',
    find: ({ key, type, head }) => {
      const pattern = upTo(key, ITS_PREFIX)
      if (type !== 'string' || !pattern || !/^"?Fe26\.2\*/.test(head)) return null
      return { pattern, kind: 'session', decode: 'opaque', userAt: null, evidence: 'a seal, Fe26.2*…' }
    },
  },
  {
    // Spring Session, RedisIndexedSessionRepository and RedisSessionRepository: hash `<namespace>:sessions:<id>`.
    software: 'Spring Session',
    find: ({ key, type, fields }) => {
      const pattern = upTo(key, /^(.*:)sessions:[^:]+$/)
      if (type !== 'hash' || !pattern || !has(fields, 'creationTime', 'lastAccessedTime', 'maxInactiveInterval'))
        return null
      const principal = fields.find((field) => field.endsWith('PRINCIPAL_NAME_INDEX_NAME'))
      const userAt = principal ?? (fields.includes('sessionAttr:SPRING_SECURITY_CONTEXT') ? 'sessionAttr:SPRING_SECURITY_CONTEXT' : null) // prettier-ignore
      return { pattern, kind: 'session', decode: 'hash', userAt, evidence: 'hash with creationTime, lastAccessedTime' }
    },
  },
  {
    // django.contrib.sessions.backends.cache: KEY_PREFIX "django.contrib.sessions.cache" and 32 characters.
    software: 'Django sessions',
    find: ({ key, type, head }) => {
      const pattern = upTo(key, /^(.*:\d+:django\.contrib\.sessions\.(?:cache|cached_db))[a-z0-9]{32}$/)
      if (type !== 'string' || !pattern || !PICKLE.test(head)) return null
      return {
        pattern,
        kind: 'session',
        decode: 'opaque',
        userAt: null,
        evidence: 'pickled, 32 characters of session key',
      }
    },
  },
  {
    // django.core.cache: make_key is "prefix:version:key"; the serializer pickles all but integers.
    software: 'Django cache',
    find: ({ key, type, head }) => {
      const pattern = upTo(key, /^([^:]*:\d+:)[^]+$/)
      if (type !== 'string' || !pattern || key.includes(':django.contrib.sessions.')) return null
      if (!PICKLE.test(head) && !(key.startsWith(':') && INTEGER.test(head))) return null
      return { pattern, kind: 'cache', decode: 'opaque', userAt: null, evidence: 'prefix:version:key, pickled' }
    },
  },
  {
    // Rack::Session::SessionId#private_id is "2::" and a SHA-256; Rails' stores marshal the data (Marshal 4.8).
    software: 'Rails sessions',
    find: ({ key, type, head }) => {
      const pattern = upTo(key, /^(.*2::)[0-9a-f]{64}$/)
      if (type !== 'string' || !pattern || !isRails(head)) return null
      return { pattern, kind: 'session', decode: 'opaque', userAt: null, evidence: '2:: and a digest, marshalled' }
    },
  },
  {
    // ActiveSupport::Cache::RedisCacheStore: Marshal of an Entry, or from 7.1 on Coder's SIGNATURE "\x00\x11".
    software: 'Rails cache',
    find: ({ key, type, head }) => {
      const pattern = upTo(key, /^([^:/]+[:/])[^]+$/)
      if (type !== 'string' || !pattern || !isRails(head) || /2::[0-9a-f]{64}$/.test(key)) return null
      return { pattern, kind: 'cache', decode: 'opaque', userAt: null, evidence: 'ActiveSupport::Cache entries' }
    },
  },
  {
    // rate-limiter-flexible: RateLimiterRedis keeps points as an integer under keyPrefix, by default `rlflx`.
    software: 'rate-limiter-flexible',
    find: ({ key, type, head }) =>
      type === 'string' && key.startsWith('rlflx:') && INTEGER.test(head)
        ? { pattern: 'rlflx:*', kind: 'limit', decode: 'number', userAt: null, evidence: 'rlflx: and points' }
        : null,
  },
  {
    // BullMQ: `<prefix>:<queue>:<job id>` is a hash of name, data, opts, timestamp; `:meta` has opts.maxLenEvents.
    software: 'BullMQ',
    find: ({ key, type, fields }) => {
      const pattern = upTo(key, /^(.+?:)[^:]+:[^:]+$/)
      const job = has(fields, 'name', 'data', 'opts', 'timestamp')
      const meta = key.endsWith(':meta') && fields.some((field) => field === 'opts.maxLenEvents' || field === 'version')
      if (type !== 'hash' || !pattern || !(job || meta)) return null
      return { pattern, kind: 'queue', decode: 'hash', userAt: null, evidence: 'hashes of name, data, opts, timestamp' }
    },
  },
  {
    // celery.backends.base: task_keyprefix `celery-task-meta-`, JSON of status, result, traceback, task_id.
    software: 'Celery results',
    find: ({ key, type, head }) =>
      type === 'string' && new RegExp(`^celery-task-meta-${UUID}$`).test(key) && head.includes('"status"')
        ? { pattern: 'celery-task-meta-*', kind: 'queue', decode: 'json', userAt: null, evidence: 'results of tasks' }
        : null,
  },
  {
    // kombu.transport.redis: keyprefix_queue `_kombu.binding.%s`, a set; queues are lists of JSON envelopes.
    software: 'Celery',
    find: ({ key, type, head }) => {
      const queue = { kind: 'queue', decode: 'json', userAt: null } as const
      if (type === 'set' && key.startsWith('_kombu.binding.'))
        return { ...queue, pattern: '_kombu.binding.*', decode: 'opaque', evidence: 'bindings of kombu' }
      if (type !== 'list' || !/"content-encoding":/.test(head) || !/"(body|headers|properties)":/.test(head))
        return null
      return { ...queue, pattern: globEscape(key), evidence: 'a queue of kombu envelopes' }
    },
  },
  {
    // RedisChatMessageHistory, Python (key_prefix `message_store:`) and JS: a list of {"type","data":{"content"}}.
    software: 'LangChain',
    find: ({ key, type, head }) => {
      const pattern = upTo(key, /^(.*[:/])[^:/]+$/)
      if (type !== 'list' || !pattern) return null
      if (!/^\{"type": ?"(human|ai|system|tool|function|chat)", ?"data": ?\{/.test(head)) return null
      return { pattern, kind: 'other', decode: 'json', userAt: null, evidence: 'lists of messages' }
    },
  },
  {
    // Redis OM: JSON documents under `<prefix>:<ULID>`, the ids of Node's and Python's alike.
    software: 'Redis OM',
    find: ({ key, type }) => {
      const pattern = type === 'ReJSON-RL' ? upTo(key, ULID) : null
      return pattern === null
        ? null
        : { pattern, kind: 'other', decode: 'json', userAt: null, evidence: 'JSON documents by ULID' }
    },
  },
]

const isRails = (head: string) => head.startsWith('\x00\x11') || /^\x04\x08[o[{I]/.test(head)

/** What wrote the keys, where it is known by name and shape; the most keys first. */
export function detect(groups: SeenGroup[]): Proposal[] {
  const found = new Map<string, Proposal>()
  for (const { keys, seen } of groups) {
    const here = new Map<string, { software: string; found: Found; matched: number }>()
    for (const one of seen) {
      const match = firstMatch(one)
      if (!match) continue
      const id = `${match.software} ${match.found.pattern}`
      const known = here.get(id)
      if (!known) here.set(id, { ...match, matched: 1 })
      else {
        known.matched++
        known.found.userAt ??= match.found.userAt
      }
    }
    for (const [id, { software, found: what, matched }] of here) {
      const before = found.get(id)
      const more = Math.round((keys * matched) / seen.length)
      if (before) {
        before.keys += more
        before.lookedAt += seen.length
        before.matched += matched
      } else found.set(id, { software, name: id, ...what, keys: more, lookedAt: seen.length, matched })
    }
  }
  return [...found.values()].sort((a, b) => b.keys - a.keys)
}

function firstMatch(seen: Seen) {
  for (const { software, find } of rules) {
    const found = find(seen)
    if (found) return { software, found }
  }
  return null
}
