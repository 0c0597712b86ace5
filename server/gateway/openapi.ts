import { z } from 'zod'
import type { ErrorCode } from '@/server/errors'
import { MAX_BODY_BYTES } from './body'
import { statusOf } from './respond'
import type { ReplySpec, Route } from './route'

type Json = Record<string, unknown>

/** What each error means to a caller, for the calls that can meet it. */
const meanings = {
  bad_request: 'The input is wrong; field says where.',
  unauthorized: 'The key is missing, unknown or revoked.',
  forbidden: 'The key has not the scope, or may not act for the tenant.',
  not_found: 'There is no such thing.',
  conflict: 'It contradicts what is there.',
  unavailable: 'A store does not answer; nothing was changed. Retry-After says when to come again.',
} satisfies Partial<Record<ErrorCode, string>>

/** Every error that a call may answer with, by status. */
export function errorsOf(route: Route): [number, ErrorCode, string][] {
  const codes: Partial<Record<ErrorCode, string>> = {
    bad_request: meanings.bad_request,
    ...(route.scope === 'none' ? {} : { unauthorized: meanings.unauthorized, forbidden: meanings.forbidden }),
    ...(route.body ? bodyErrors(route) : {}),
    ...(route.scope === 'none' ? {} : { unavailable: meanings.unavailable }),
    ...route.errors,
  }
  return Object.entries(codes)
    .map(([code, meaning]): [number, ErrorCode, string] => [statusOf[code as ErrorCode], code as ErrorCode, meaning])
    .sort(([a], [b]) => a - b)
}

const bodyErrors = ({ stream, raw = stream ?? ['application/json'], maxBodyBytes = MAX_BODY_BYTES }: Route) => ({
  too_large: `The body is larger than ${maxBodyBytes / 1024 / 1024} MB, packed or unpacked.`,
  unsupported_media_type: `The body is not ${raw.join(' or ')}.`,
})

/** JSON Schema of what callers send (`input`) or get (`output`). */
export const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

/** The OpenAPI 3.1 document of all calls, from the schemas that also validate. */
export function openApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Engram gateway', version, description: 'What applications call. The human page is /docs.' },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key made under Settings.' } },
      schemas: { Error: errorSchema },
    },
  }
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { enum: [...Object.keys(statusOf), 'internal'] },
        message: { type: 'string' },
        field: { type: 'string' },
      },
    },
  },
}

function operation(route: Route): Json {
  const {
    method,
    path,
    scope,
    summary,
    description,
    body,
    example,
    raw = [],
    stream: [type = 'application/json'] = [],
  } = route
  const parameters = [
    ...parametersOf('path', route.params, example?.params),
    ...parametersOf('query', route.query, example?.query),
  ]
  const requestBody = body && {
    required: !route.bodyOptional,
    content: {
      ...Object.fromEntries(raw.map((type) => [type, {}])),
      [type]: { schema: jsonSchema(body, 'input'), example: example?.body },
    },
  }
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^a-z]+(\w)/gi, (_, letter: string) => letter.toUpperCase())}`,
    tags: [topicOf(route)],
    summary,
    description: [description, scope === 'none' ? 'Needs no key.' : `Needs a key with the scope ${scope}.`]
      .filter(Boolean)
      .join(' '),
    security: scope === 'none' ? [] : [{ key: [] }],
    parameters,
    requestBody,
    responses: { ...successes(route.replies), ...failures(route) },
  }
}

/** The word after `/v1/`, under which /docs groups the calls. */
export const topicOf = ({ path }: Route) => /^\/v1\/([a-z]+)/.exec(path)?.[1] ?? 'health'

function parametersOf(where: 'path' | 'query', schema: z.ZodType, examples: Record<string, string> = {}): Json[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: where,
    description,
    required: where === 'path' || required.includes(name),
    schema,
    example: examples[name],
  }))
}

function successes(replies: Record<number, ReplySpec>): Json {
  const all = Object.entries(replies).map(
    ([status, { when, schema, example, text, contentType = 'application/json' }]) => {
      const content = schema
        ? { [contentType]: { schema: jsonSchema(schema, 'output'), example } }
        : contentType === 'application/json'
          ? undefined
          : { [contentType]: { example: text } }
      return [status, { description: when, content }]
    },
  )
  return Object.fromEntries(all) as Json
}

/** A status that a success has already (a cache miss is a 404) keeps that description; both shapes are listed. */
function failures(route: Route): Json {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
  const free = errorsOf(route).filter(([status]) => !(status in route.replies))
  return Object.fromEntries(free.map(([status, , description]) => [status, { description, content }]))
}
