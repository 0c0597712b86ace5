import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { Key } from '@/db/postgres/queries/keys'
import type { ErrorCode } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import type { RawBody } from './body'
import type { BodyStream } from './body-stream'
import type { Reply } from './reply'

/**
 * One call of the gateway: validate, call, return. How to add one:
 *
 *  1. `export function limitRoutes(services: Services): Route[] { return [route({ ... })] }` in routes/<topic>.ts, named in
 *     routes.ts. What lives as long as the process (a local copy, a counter) is made in services.ts.
 *  2. `params`, `query` and `body` are `z.strictObject`s; one left out accepts nothing. Query values arrive as strings
 *     (`z.coerce`). A body that may be absent is `.optional()`.
 *  3. `handle({ params, query, body, key, stores, headers })` returns the value that is sent as JSON with 200, or
 *     `reply(status, value, headers)` / `raw(status, contentType, text, headers)` from reply.ts; sync or async.
 *     `new EventStream(begin)` keeps the answer open (see routes/stream.ts): ask `streams.requireRoom()` before.
 *  4. Throw AppError; store failures and zod errors are mapped by server/failure.ts. Never catch them in a route.
 *     With `raw: [media types]` the body comes as its bytes, unpacked and within the limit, and `body` only documents it:
 *     for what is no JSON, or too much of it to be parsed and checked in one go. With `stream: [media types]` it comes as a
 *     BodyStream, while it arrives: for what is too much to be held. `body` documents a line of it then.
 *  5. `requireTenant(key, tenant)` and `callerOf(stores, key)` are in key.ts.
 *  6. `replies` lists each success by status; `example` is the request that /docs shows as curl, and a test runs it.
 */
export type Scopes = Key['scope'] | 'none'
export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

export type Input<P, Q, B, K> = {
  params: P
  query: Q
  body: B
  key: K
  stores: Stores
  headers: IncomingHttpHeaders
}

/**
 * One success that a caller may meet: when it happens, its shape, and a reply as it looks on the wire: `example` as JSON,
 * or `text` where it is none.
 */
export type ReplySpec = {
  when: string
  schema: z.ZodType | null
  example?: unknown
  contentType?: string
  text?: string
}

type Raw = readonly string[] | undefined

export type RouteSpec<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  S extends Scopes,
  R extends Raw = Raw,
  T extends Raw = Raw,
> = {
  method: Method
  /** As `/v1/prompts/:name/versions`; names in paths are percent-encoded by callers. */
  path: `/${string}`
  scope: S
  summary: string
  description?: string
  params?: P
  query?: Q
  body?: B
  /** The media types of a body that `handle` gets as a RawBody; without, it is JSON and validated. */
  raw?: R
  /** The media types of a body that `handle` gets as a BodyStream. */
  stream?: T
  /** Where the usual limit (body.ts) is not what the call needs. */
  maxBodyBytes?: number
  replies: Record<number, ReplySpec>
  /** Errors of the call's own, beside those that its scope and body imply. */
  errors?: Partial<Record<ErrorCode, string>>
  example?: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown }
  handle(
    input: Input<
      z.output<P>,
      z.output<Q>,
      T extends readonly string[] ? BodyStream : R extends readonly string[] ? RawBody : z.output<B>,
      S extends 'none' ? null : Key
    >,
  ): unknown | Reply | Promise<unknown>
}

export type Route = Omit<RouteSpec<z.ZodType, z.ZodType, z.ZodType, Scopes>, 'handle'> & {
  /** `body` is a RawBody where the route is raw, a BodyStream where it streams. */
  handle(input: Input<unknown, unknown, unknown, Key | null>): unknown
  params: z.ZodType
  query: z.ZodType
  /** False where a body is required. */
  bodyOptional: boolean
}

const nothing = z.strictObject({})
type Nothing = typeof nothing

export function route<
  S extends Scopes,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = z.ZodUndefined,
  const R extends Raw = undefined,
  const T extends Raw = undefined,
>(spec: RouteSpec<P, Q, B, S, R, T>): Route {
  return {
    ...spec,
    params: spec.params ?? nothing,
    query: spec.query ?? nothing,
    bodyOptional: spec.body?.safeParse(undefined).success ?? true,
  }
}
