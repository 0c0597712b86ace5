import { z } from 'zod'
import { instant } from '@/server/services/instant.schema'
import { jsonValue } from '@/server/services/json.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

const MAX_CONTENT_BYTES = 128 * 1024
const MAX_METADATA_BYTES = 16 * 1024
/** More cannot be indexed by pgvector, not even as halfvec. */
const MAX_DIMENSIONS = 4_000
/** Bounds of pgvector: of HNSW, and of IVFFlat. */
const efSearch = z.number().int().min(1).max(1_000)
const probes = z.number().int().min(1).max(32_768)
const k = z.number().int().min(1).max(1_000)

export const metrics = ['cosine', 'l2', 'ip'] as const
const indexMethods = ['hnsw', 'ivfflat'] as const

export const memoryRef = z.strictObject({ tenant: tenantSlug })
export const itemRef = z.strictObject({ tenant: tenantSlug, id: text(200) })

const content = text(MAX_CONTENT_BYTES).refine(
  (value) => new TextEncoder().encode(value).length <= MAX_CONTENT_BYTES,
  `must be at most ${MAX_CONTENT_BYTES} bytes in UTF-8`,
)
const embedding = z
  .array(z.number())
  .min(1)
  .max(MAX_DIMENSIONS, `must have at most ${MAX_DIMENSIONS} dimensions: more cannot be indexed`)
const metadata = z
  .record(z.string(), z.unknown())
  .and(jsonValue(MAX_METADATA_BYTES))
  .meta({ type: 'object', description: `A JSON object of at most ${MAX_METADATA_BYTES / 1024} KiB.` })

const MemoryItem = z.strictObject({
  id: text(200).optional(),
  content,
  embedding,
  kind: text(64),
  user: text(200).optional(),
  metadata: metadata.optional(),
  embeddingModel: text(200),
  occurredAt: instant.optional(),
})
export type MemoryItem = z.infer<typeof MemoryItem>

export const AddItems = z
  .strictObject({ items: z.array(MemoryItem).min(1).max(500) })
  .superRefine(({ items }, context) => {
    const seen = new Set<string>()
    for (const [place, { id }] of items.entries()) {
      if (id === undefined) continue
      if (seen.has(id)) context.addIssue({ code: 'custom', path: ['items', place, 'id'], message: 'is there twice' })
      seen.add(id)
    }
  })
export type AddItems = z.infer<typeof AddItems>

/** A line of a load. Its id makes the load one that may be repeated. */
export const LoadedItem = MemoryItem.extend({ id: text(200) })
export const loadRef = z.strictObject({ tenant: tenantSlug, load: z.uuid() })
const count = z.number().int()
export const AcceptedLoad = z.object({ load: z.uuid(), items: count, state: z.string() })
export type AcceptedLoad = z.infer<typeof AcceptedLoad>
export const LoadState = z.object({
  load: z.uuid(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  phase: z.string().nullable(),
  progress: z.number().nullable(),
  items: count.nullable(),
  /** Null until the items are in the memory. */
  added: count.nullable(),
  updated: count.nullable(),
  unchanged: count.nullable(),
  error: z.string().nullable(),
})
export type LoadState = z.infer<typeof LoadState>
/** What a load is known by, as its job keeps it. */
export const loadParams = z.object({
  items: count.optional(),
  model: z.string().optional(),
  /** Whether there was an index when it began. */
  indexed: z.boolean(),
  added: count.optional(),
  updated: count.optional(),
  unchanged: count.optional(),
})

export const SearchMemory = z.strictObject({
  embedding,
  k,
  kind: text(64).optional(),
  user: text(200).optional(),
  from: instant.optional(),
  to: instant.optional(),
  metadata: metadata.optional(),
  text: text(1_000).optional(),
  /** How widely the index is searched: the one that is not of its method says nothing. */
  efSearch: efSearch.optional(),
  probes: probes.optional(),
  /** Whose vector it is: refused where the tenant is searched by another. */
  embeddingModel: text(200).optional(),
})
export type SearchMemory = z.infer<typeof SearchMemory>

const nearest = z.object({
  id: z.string(),
  distance: z.number(),
  content: z.string(),
  kind: z.string(),
  metadata: z.record(z.string(), z.unknown()),
})
export const FoundItems = z.object({ items: z.array(nearest) })
export const AddedItems = z.object({
  added: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  ids: z.array(z.string()),
})
export type AddedItems = z.infer<typeof AddedItems>

export const MeasureRecall = z.strictObject({
  k: z.number().int().min(1).max(100).default(10),
  sample: z.number().int().min(1).max(500).default(50),
  efSearch: z.array(efSearch).min(1).max(10).optional(),
  probes: z.array(probes).min(1).max(10).optional(),
})
export type MeasureRecall = z.infer<typeof MeasureRecall>
const ratio = z.number().min(0).max(1)
/** With `efSearch` of an HNSW index, with `probes` of an IVFFlat one. */
const recallPoint = z.object({
  efSearch: z.number().int().optional(),
  probes: z.number().int().optional(),
  recall: ratio,
  low: ratio,
  high: ratio,
  rowsShort: z.number().int(),
  msP50: z.number(),
  msP95: z.number(),
})
export const MeasuredRecall = z.object({
  k: z.number().int(),
  sample: z.number().int(),
  /** Whose vectors were searched for. */
  asked: z.enum(['items', 'searches']),
  exact: z.object({ msP50: z.number(), msP95: z.number() }),
  points: z.array(recallPoint),
  /** In force, for the kind that searches filter on most; null where they filter on none. */
  filtered: recallPoint.extend({ kind: z.string() }).nullable(),
  target: ratio,
  cheapestEfSearch: z.number().int().nullable(),
  cheapestProbes: z.number().int().nullable(),
})

export const SetSearch = z
  .strictObject({
    tenant: tenantSlug,
    efSearch: efSearch.optional(),
    probes: probes.optional(),
    recallTarget: z.number().min(0.5).max(1).optional(),
  })
  .refine((set) => set.efSearch !== undefined || set.probes !== undefined || set.recallTarget !== undefined, {
    path: ['efSearch'],
    error: 'give efSearch, probes or recallTarget',
  })
export type SetSearch = z.infer<typeof SetSearch>

const build = z.strictObject({
  kind: z.literal('memory.build-index'),
  indexMethod: z.enum(indexMethods).optional(),
  m: z.number().int().min(2).max(100).optional(),
  efConstruction: z.number().int().min(4).max(1_000).optional(),
  indexType: z.enum(['vector', 'halfvec']).optional(),
  metric: z.enum(metrics).optional(),
  /** An index of this kind alone, like that of all items, which stays. */
  forKind: text(64).optional(),
})
export const AskForJob = z.strictObject({
  tenant: tenantSlug,
  work: z.discriminatedUnion('kind', [
    build,
    z.strictObject({ kind: z.literal('memory.drop-index'), forKind: text(64).optional() }),
    z.strictObject({ kind: z.literal('memory.sleep') }),
    z.strictObject({ kind: z.literal('memory.vacuum') }),
  ]),
})
export type AskForJob = z.infer<typeof AskForJob>
export const JobRef = z.strictObject({ id: z.uuid() })

export const MeasureRecallOf = MeasureRecall.extend({ tenant: tenantSlug })

export const vectorSorts = ['tenant', 'rows', 'table', 'index', 'bloat', 'dead', 'recall', 'p95', 'searches'] as const
export const ListVectors = z.strictObject({
  tenant: tenantSlug.nullable(),
  search: z.string().max(63).nullable(),
  sort: z.enum(vectorSorts),
  descending: z.boolean(),
})
export type ListVectors = z.infer<typeof ListVectors>
export const VectorsOf = z.strictObject({ tenant: tenantSlug })

/** What a build was asked for, as its job keeps it. */
export const buildParams = z.object({
  indexMethod: z.enum(indexMethods).default('hnsw'),
  m: z.number().int(),
  efConstruction: z.number().int(),
  indexType: z.enum(['vector', 'halfvec']),
  metric: z.enum(metrics),
  rows: z.number().int(),
  dimensions: z.number().int(),
  forKind: z.string().optional(),
})
export const dropParams = z.object({ forKind: z.string().optional() })
