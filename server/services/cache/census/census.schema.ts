import { z } from 'zod'
import { text } from '@/server/services/text.schema'

/** Upper ends of the stretches of time to live, in seconds; keys without one come first, longer ones last. */
export const TTL_ENDS_SECONDS = [60, 600, 3_600, 21_600, 86_400, 604_800] as const
export const TTL_BINS = TTL_ENDS_SECONDS.length + 2

export const familyKinds = ['session', 'leaderboard', 'cache', 'limit', 'queue', 'flag', 'other'] as const
export const decodings = ['json', 'hash', 'text', 'number', 'opaque'] as const
export type FamilyKind = (typeof familyKinds)[number]
export type Decoding = (typeof decodings)[number]

/** Everything under one name; keys and bytes are of the whole keyspace, extrapolated where it was not read whole. */
export type CountedFamily = {
  name: string
  /** One of ours, declared by an operator, or merely a prefix. */
  of: 'known' | 'declared' | 'other'
  pattern: string
  kind: FamilyKind | null
  software: string | null
  truth: string | null
  keys: number
  /** How many of them were measured; without any there are no figures beside `keys`. */
  measured: number
  bytes: number | null
  withoutTtl: number | null
  ttlMedianMs: number | null
  /** Keys that nobody read or wrote for an hour, and for a day; under LFU those whose counter is at 0. */
  idleHour: number | null
  idleDay: number | null
  idleDayBytes: number | null
  /** Of the keys that came while censuses watched them for ten minutes or more, those never used since. */
  watched: number
  neverHit: number
  types: string[]
}

export type NamedKey = {
  /** The key's bytes, base64url: how the key browser is asked for it. */
  id: string
  /** As text, cut. */
  text: string
  family: string
  type: string
  bytes: number
  ttlMs: number | null
  idleSeconds: number | null
}

/** Software recognised by the names and the shapes of its keys, not declared yet. */
export type Proposal = {
  software: string
  name: string
  pattern: string
  kind: FamilyKind
  decode: Decoding
  userAt: string | null
  keys: number
  /** How many keys were looked into, and how many of those had the shape. */
  lookedAt: number
  matched: number
  evidence: string
}

export type CensusReport = {
  policy: string
  families: CountedFamily[]
  /** How many more there are, each of few keys, summed up in the last one. */
  ttl: { keys: number[]; bytes: number[] }
  bytes: number
  big: NamedKey[]
  idle: NamedKey[]
  proposals: Proposal[]
}

const pattern = text(200)
  .min(1, 'must be given')
  .refine((typed) => !/^[*?]/.test(typed), 'must begin with a character that is no wildcard')
  .refine((typed) => !typed.startsWith('engram:'), 'must not cover keys of Engram’s own')

export const DeclareFamily = z.strictObject({
  name: text(100).min(1, 'must be given'),
  pattern,
  kind: z.enum(familyKinds),
  decode: z.enum(decodings),
  userAt: text(200).nullable(),
  software: text(100).nullable(),
})
export type DeclareFamily = z.output<typeof DeclareFamily>
export const FamilyName = z.strictObject({ name: text(100) })
