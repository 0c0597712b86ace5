import type { ErrorCode } from '@/server/errors'
import type { Reporter } from '@/server/services/usage/ingest-usage'
import type { Ingest, Ingested } from './ingest-here'

/** What the gateway asks its ingest thread, and what it is answered. */
export type Kind = Exclude<keyof Ingest, 'close'>
export type Question =
  { id: number; kind: Kind; bytes: Uint8Array; type: string; key: Reporter } | { id: number; kind: 'close' }
export type Answer = { id: number } & (
  | { done: Ingested<unknown> | null }
  /** An error that callers are told. */
  | { refused: { code: ErrorCode; message: string; field: string | undefined } }
  /** Any other: the stack. */
  | { failed: string }
)
