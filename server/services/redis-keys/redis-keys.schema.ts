import { z } from 'zod'
import { text } from '@/server/services/text.schema'

/** Names and values travel as base64url: they are bytes. */
const MAX_NAME_BYTES = 1024 * 1024
export const MAX_PATTERN_BYTES = 1_024
/** What can be edited here; larger values are looked at only. */
export const MAX_EDIT_BYTES = 64 * 1024

const bytes = (max: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/, 'must be base64url')
    .max(Math.ceil((max * 4) / 3), `must be at most ${max} bytes`)
/** What TanStack's pages send along. */
const direction = z.enum(['forward', 'backward']).optional()
const cursor = z.string().max(1_000_000).nullable().default(null)
/** Epoch milliseconds; null where it stays. */
const instant = z.number().int().min(0).max(8.64e15).nullable()

export const connectionId = z.union([z.literal('own'), z.uuid()], { error: 'must be own or the id of a connection' })
export const ConnectionRef = z.strictObject({ connection: connectionId })
export type ConnectionRef = z.infer<typeof ConnectionRef>

export const keyTypes = ['string', 'hash', 'list', 'set', 'zset', 'stream', 'vectorset'] as const
export type KeyType = (typeof keyTypes)[number]

const pattern = bytes(MAX_PATTERN_BYTES).min(1)
export const ScanKeys = z.strictObject({
  connection: connectionId,
  pattern,
  type: z.enum(keyTypes).nullable().default(null),
  cursor,
  direction,
})
export type ScanKeys = z.infer<typeof ScanKeys>

export const KeyRef = z.strictObject({ connection: connectionId, key: bytes(MAX_NAME_BYTES) })
export type KeyRef = z.infer<typeof KeyRef>

export const PageOfKey = KeyRef.extend({ cursor, direction })
export type PageOfKey = z.infer<typeof PageOfKey>

const part = bytes(MAX_EDIT_BYTES).nullable()
export const EditKey = KeyRef.extend({
  type: z.enum(['string', 'hash', 'list', 'set', 'zset']),
  /** The field, the index or the member; empty for a string. */
  at: bytes(MAX_EDIT_BYTES),
  /** What was there when it was read, and what shall be there: the value, or the score; null where there is nothing. */
  before: part,
  after: part,
})
export type EditKey = z.infer<typeof EditKey>

export const ExpireKey = KeyRef.extend({ before: instant, after: instant })
export type ExpireKey = z.infer<typeof ExpireKey>

export const DeleteKey = KeyRef.extend({ mark: z.string().min(1).max(100) })
export type DeleteKey = z.infer<typeof DeleteKey>

/** `trash` and `expiresAt` are what the deletion answered. */
export const RestoreKey = KeyRef.extend({ trash: z.uuid(), expiresAt: instant })
export type RestoreKey = z.infer<typeof RestoreKey>

export const DeletePattern = z.strictObject({ connection: connectionId, pattern })
export type DeletePattern = z.infer<typeof DeletePattern>
export const PreviewDelete = DeletePattern.extend({ cursor, direction })
export type PreviewDelete = z.infer<typeof PreviewDelete>
export const PatternDeleteId = z.strictObject({ id: z.uuid() })
export type PatternDeleteId = z.infer<typeof PatternDeleteId>

const MAX_SEEDS = 20
const addresses = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .transform((list) => list.split(',').map((one) => one.trim()))
  .pipe(
    z.array(z.url({ protocol: /^rediss?$/, error: 'must be redis:// or rediss:// addresses, separated by commas' })).max(MAX_SEEDS),
  ) // prettier-ignore
export const AddConnection = z.strictObject({
  name: text(60).trim(),
  /** One, or seed nodes of a cluster; a user may stand in it, a password is taken out of it. */
  address: addresses,
  password: text(1_000).nullable().default(null),
})
export type AddConnection = z.infer<typeof AddConnection>
export const SetWritable = ConnectionRef.extend({ writable: z.boolean() })
export type SetWritable = z.infer<typeof SetWritable>
export const RemoveConnection = z.strictObject({ connection: z.uuid() })
export type RemoveConnection = z.infer<typeof RemoveConnection>
