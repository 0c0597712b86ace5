import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true })
const big = () => bigint({ mode: 'number' })
/** Without dimensions: tenants have different ones, and a partition's CHECK holds each to its own. */
const vector = customType<{ data: string }>({ dataType: () => 'vector' })
const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/**
 * What applications remember, LIST-partitioned by tenant; the migration says how, because drizzle cannot. Every statement
 * names its tenant (R9), and row-level security is forced on it (R11).
 */
export const memory = pgTable(
  'memory',
  {
    tenant: text().notNull(),
    /** The application's own id, or one that Engram made. */
    id: text().notNull(),
    kind: text().notNull(),
    userId: text(),
    content: text().notNull(),
    metadata: jsonb().$type<Record<string, unknown>>().notNull(),
    /** By two models at most: the one that is searched, and another while a tenant changes its model (ADR 46). */
    embedding: vector(),
    embeddingModel: text(),
    secondEmbedding: vector(),
    secondEmbeddingModel: text(),
    /** When it happened, as the application says. */
    occurredAt: at().notNull(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
    /** Of everything that the application sent: the same item again changes nothing. */
    contentHash: text().notNull(),
    words: tsvector()
      .notNull()
      .generatedAlwaysAs(sql`to_tsvector('simple'::regconfig, content)`),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] }), index('memory_user_idx').on(t.userId)],
)

/**
 * The partition of each tenant, `memory_t<number>`, and how its vectors are compared and indexed. Model and dimensions
 * come with the first item and hold for all (DESIGN 8: models are never mixed); null while there was none.
 */
export const memoryPartitions = pgTable('memory_partitions', {
  tenant: text().primaryKey(),
  number: integer().notNull().unique().generatedAlwaysAsIdentity(),
  model: text(),
  dimensions: smallint(),
  /** Which column of `memory` holds the vectors of `model`, and is searched. */
  activeColumn: text().$type<MemoryColumn>().notNull().default('embedding'),
  /** Of the other column, while the tenant changes its model or may go back; null while that one is empty. */
  otherModel: text(),
  otherDimensions: smallint(),
  otherIndexType: text().$type<MemoryIndexType>(),
  metric: text().$type<MemoryMetric>().notNull().default('cosine'),
  /** What the index holds; the items themselves are kept in full. */
  indexType: text().$type<MemoryIndexType>().notNull().default('vector'),
  /** Of the next index that is built; the one that is there says its own. Those of one method rest while the other is in use. */
  indexMethod: text().$type<IndexMethod>().notNull().default('hnsw'),
  m: smallint().notNull().default(16),
  efConstruction: smallint().notNull().default(64),
  efSearch: smallint().notNull().default(40),
  /** Lists of IVFFlat that a search looks into; null for the square root of how many there are. */
  probes: integer(),
  /** Recall@10 that operators want. */
  recallTarget: real().notNull().default(0.95),
  /** The index was taken off and is to come back as it was (ADR 55): since when, and how large it was. */
  indexOffAt: at(),
  indexOffBytes: big(),
  /** What asked for it since: the worker builds it. Null while the tenant sleeps. */
  indexWantedBy: text().$type<IndexWantedBy>(),
  /** Kinds of items that have an index of their own beside that of all (ADR 56). */
  indexKinds: jsonb().$type<string[]>().notNull().default([]),
  /** Set while the tenant is being erased, when its partition is detached already. */
  leavingAt: at(),
  createdAt: at().notNull().defaultNow(),
})
export type IndexWantedBy = 'search' | 'write' | 'load'
export type MemoryMetric = 'cosine' | 'l2' | 'ip'
export type MemoryIndexType = 'vector' | 'halfvec'
/** Postgres' access method: a graph, or lists around centres (ADR 53). */
export type IndexMethod = 'hnsw' | 'ivfflat'
export type MemoryColumn = 'embedding' | 'second_embedding'

/** What holds for all memories: one row. */
export const memorySettings = pgTable('memory_settings', {
  only: boolean().primaryKey().default(true),
  /** An index that was not used for so many days is given up; null is never. */
  sleepAfterDays: smallint(),
  /** Whether some of the vectors that are searched for are kept, so that recall is measured by them. */
  keepSearches: boolean().notNull().default(false),
  changedAt: at(),
  changedBy: text(),
})

/** Embedding models that Engram can ask itself. */
export const embeddingModels = pgTable('embedding_models', {
  /** As items name it in `embeddingModel`, and as the endpoint is asked for it. */
  name: text().primaryKey(),
  dimensions: smallint().notNull(),
  /** Speaks OpenAI's embeddings API below it; null is the built-in model, which is computed here. */
  endpoint: text(),
  /** As server/services/vectors/models/seal-key.ts writes it; null where there is none. */
  sealedKey: text(),
  /** US dollars per million tokens; null where nobody said. */
  pricePerMillion: numeric(),
  /** Items per request, and requests per minute of each worker; null is as fast as it answers. */
  batchSize: smallint().notNull().default(64),
  requestsPerMinute: integer(),
  /** Of the last batches that it embedded here; null before the first. */
  msPerItem: real(),
  createdBy: text().notNull(),
  createdAt: at().notNull().defaultNow(),
})

/** A tenant's change of its embedding model, from its beginning until one of the two columns is emptied. */
export const memoryReEmbeddings = pgTable('memory_re_embeddings', {
  tenant: text().primaryKey(),
  id: uuid().notNull().defaultRandom(),
  fromModel: text().notNull(),
  toModel: text().notNull(),
  /** Filling is done or goes on where there is a job, and stands still where there is none. */
  state: text().$type<ReEmbeddingState>().notNull().default('filling'),
  /** Switch as soon as none is missing. */
  switchWhenWhole: boolean().notNull().default(false),
  /** Items without a vector of the other model, as they were counted last; null before. */
  missing: big(),
  embedded: big().notNull().default(0),
  requests: big().notNull().default(0),
  retries: big().notNull().default(0),
  /** All that was sent; of those, the ones that the endpoint did not count and Engram estimated. */
  tokens: big().notNull().default(0),
  tokensEstimated: big().notNull().default(0),
  /** Of the model as it was asked for, so that the cost stays what it was. */
  pricePerMillion: numeric(),
  /** Milliseconds that embedding took, waiting for the endpoint included. */
  workedMs: big().notNull().default(0),
  /** Measured side by side when the new one was whole; null where there is no index. */
  recallBefore: jsonb().$type<RecallPoint>(),
  recallAfter: jsonb().$type<RecallPoint>(),
  requestedBy: text().notNull(),
  requestedAt: at().notNull().defaultNow(),
  wholeAt: at(),
  switchedAt: at(),
})
export type ReEmbeddingState = 'filling' | 'whole' | 'clearing'

/**
 * What gateways did with a tenant's memory, by minute. Each holds its own running total, so that writing it again after
 * a lost reply changes nothing.
 */
export const memoryActivity = pgTable(
  'memory_activity',
  {
    minute: at().notNull(),
    tenant: text().notNull(),
    process: text().notNull(),
    searches: integer().notNull(),
    /** Of those: answered by Redis. */
    cached: integer().notNull(),
    /** Milliseconds of the searches that Postgres answered, as counts by bin (see latency-bins.ts). */
    bins: jsonb().$type<Record<string, number>>().notNull(),
    /** Of the searches that Postgres answered, those that filtered on a kind, by kind. */
    kinds: jsonb().$type<Record<string, number>>().notNull().default({}),
    added: integer().notNull(),
    updated: integer().notNull(),
    deleted: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.minute, t.process] }), index('memory_activity_minute_idx').on(t.minute)],
)

/** The last look at each tenant's partition, kept so that thousands of tenants are listed at once. */
export const memorySamples = pgTable('memory_samples', {
  tenant: text().primaryKey(),
  sampledAt: at().notNull(),
  rows: big().notNull(),
  deadRows: big().notNull(),
  tableBytes: big().notNull(),
  toastBytes: big().notNull(),
  /** Of the vector index; null where there is none. */
  indexBytes: big(),
  otherIndexBytes: big().notNull(),
  indexName: text(),
  indexState: text().$type<'none' | 'valid' | 'invalid' | 'mismatched'>().notNull(),
  indexMethod: text().$type<IndexMethod>(),
  indexType: text().$type<MemoryIndexType>(),
  /** Of HNSW. */
  indexM: smallint(),
  indexEfConstruction: smallint(),
  /** Of IVFFlat. */
  indexLists: integer(),
  indexBlocksHit: big().notNull(),
  indexBlocksRead: big().notNull(),
  /** Hits of the vector index since the sample before; null where it was not read. */
  indexHitRatio: real(),
  relations: smallint().notNull(),
  lastVacuumAt: at(),
  lastUsedAt: at(),
  /** Over the last fifteen minutes; p95 of what Postgres answered, null where it answered none. */
  searchesPerMinute: real().notNull(),
  searchMsP95: real(),
})

/**
 * Vectors that applications searched for, where operators allow that they are kept (ADR 62). As many of a tenant as there are
 * slots; newer ones take the place of older ones.
 */
export const memorySearches = pgTable(
  'memory_searches',
  {
    tenant: text().notNull(),
    slot: smallint().notNull(),
    at: at().notNull(),
    /** Whose vector it is. */
    model: text().notNull(),
    /** What the search filtered on; null where on no kind. */
    kind: text(),
    embedding: vector().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.slot] })],
)

/** Measurements of recall against exact search, newest last. */
export const memoryRecalls = pgTable(
  'memory_recalls',
  {
    id: big().primaryKey().generatedAlwaysAsIdentity(),
    tenant: text().notNull(),
    at: at().notNull(),
    k: smallint().notNull(),
    /** How many vectors were searched for, and whose: those of its own items, or of kept searches. */
    sample: smallint().notNull(),
    asked: text().$type<RecallAsked>().notNull().default('items'),
    /** In force when it was measured, one of the two by the method of the index; with its recall and 95 % interval. */
    efSearch: smallint(),
    probes: integer(),
    recall: real().notNull(),
    low: real().notNull(),
    high: real().notNull(),
    target: real().notNull(),
    points: jsonb().$type<RecallPoint[]>().notNull(),
    /** The same searches with the filter that applications use most; null where they use none. */
    filtered: jsonb().$type<FilteredRecall>(),
    exactMsP50: real().notNull(),
    exactMsP95: real().notNull(),
    /** What it cost the database, in milliseconds. */
    databaseMs: real().notNull(),
    rows: big().notNull(),
    deadRows: big().notNull(),
    scheduled: boolean().notNull(),
    requestedBy: text().notNull(),
  },
  (t) => [index('memory_recalls_tenant_at_idx').on(t.tenant, t.at)],
)
export type RecallAsked = 'items' | 'searches'
export type RecallPoint = {
  /** Of an HNSW index. */
  efSearch?: number
  /** Of an IVFFlat index. */
  probes?: number
  recall: number
  low: number
  high: number
  /** Searches that returned fewer than exact search did. */
  rowsShort: number
  msP50: number
  msP95: number
}
export type FilteredRecall = RecallPoint & { kind: string }
