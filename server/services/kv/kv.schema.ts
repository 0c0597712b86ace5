import { z } from 'zod'
import { jsonValue } from '@/server/services/json.schema'
import { Scope } from '@/server/services/scope.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

const MAX_VALUE_BYTES = 1024 * 1024
const MAX_KEY_BYTES = 1_000
const MAX_TTL_SECONDS = 10 * 366 * 24 * 3600

export const kvStores = ['redis', 'unlogged', 'logged'] as const
export const kvNamespace = text(100)

/** Bytes, because an index of Postgres counts so. */
const key = text(MAX_KEY_BYTES).refine(
  (value) => new TextEncoder().encode(value).length <= MAX_KEY_BYTES,
  `must be at most ${MAX_KEY_BYTES} bytes in UTF-8`,
)

export const kvName = z.strictObject({ namespace: kvNamespace, key })
export const kvTenant = z.strictObject({ tenant: tenantSlug.optional() })
export const kvInput = z.strictObject({
  value: jsonValue(MAX_VALUE_BYTES),
  ttlSeconds: z.int().min(1).max(MAX_TTL_SECONDS).optional().describe('Without it the entry stays until it is deleted'),
})
export type KvInput = z.output<typeof kvInput>

export const KvScope = Scope
export const MoveNamespace = z.strictObject({ name: kvNamespace, to: z.enum(kvStores) })
export type MoveNamespace = z.output<typeof MoveNamespace>
export const NamespaceName = z.strictObject({ name: kvNamespace })
export type NamespaceName = z.output<typeof NamespaceName>

/** Bounded: a duel is over after its operations, or after DUEL_MOST_SECONDS on either side. */
export const DUEL_MOST_SECONDS = 20
export const StartDuel = z.strictObject({
  against: z.enum(['unlogged', 'logged']),
  operations: z.int().min(100).max(20_000).default(5_000),
  clients: z.int().min(1).max(16).default(8),
  valueBytes: z.int().min(1).max(65_536).default(512),
  readShare: z.number().min(0).max(1).default(0.8),
  /** The second confirmation, of stores that are marked as production: their names, as the page shows them. */
  production: z.string().max(100).nullable().default(null),
})
export type StartDuel = z.output<typeof StartDuel>
export const DuelId = z.strictObject({ id: z.uuid() })
export type DuelId = z.output<typeof DuelId>
export const MarkProduction = z.strictObject({ store: z.enum(['redis', 'postgres']), production: z.boolean() })
export type MarkProduction = z.output<typeof MarkProduction>
