import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import { AppError } from '@/server/errors'
import { badInput, expected } from '@/server/failure'
import { logError } from '@/server/log'
import { CallerGone, MAX_BODY_BYTES, readBytes, readJson } from './body'
import { openBody } from './body-stream'
import { requireKey } from './key'
import { parseQuery } from './query'
import { EventStream, Reply, reply } from './reply'
import { errorReply, respond, unexpectedReply } from './respond'
import type { Route } from './route'
import { createRouter, type Found } from './router'
import type { Services } from './services'

type Options = {
  routes: readonly Route[]
  services: Pick<Services, 'stores' | 'authenticate' | 'keyUses' | 'metrics' | 'state' | 'streams'>
}

/** Answers every request: finds the route, checks the key, validates, calls, and maps errors once. */
export function createHandler({ routes, services }: Options) {
  const { stores, authenticate, keyUses, metrics, state, streams } = services
  const find = createRouter(routes)

  const call = async ({ route, params, query }: Found, request: IncomingMessage, response: ServerResponse) => {
    const { headers } = request
    const key = route.scope === 'none' ? null : await requireKey(headers.authorization, route.scope, authenticate)
    if (key) keyUses.note(key.id)
    const result = await route.handle({
      params: validate(route.params, params, 'path'),
      query: validate(route.query, parseQuery(query), 'query'),
      body: await bodyOf(route, request, response),
      key,
      stores,
      headers,
    })
    return result instanceof Reply || result instanceof EventStream ? result : reply(200, result)
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now()
    let route: Route | null = null
    let answer: Reply | EventStream
    try {
      const found = find(request.method ?? '', request.url ?? '')
      route = found.route
      answer = await call(found, request, response)
    } catch (error) {
      if (error instanceof CallerGone) return void response.destroy()
      answer = answerTo(error, route)
    }
    if (answer instanceof EventStream) streams.start(request, response, answer)
    else respond(request, response, answer, state.closing)
    metrics.observe(route, answer.status, performance.now() - started)
  }
}

function answerTo(error: unknown, route: Route | null): Reply {
  const known = expected(error)
  if (known) return errorReply(known)
  const requestId = randomUUID()
  logError('request failed', error, { requestId, method: route?.method, route: route?.path })
  return unexpectedReply(requestId)
}

async function bodyOf(route: Route, request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const { raw: types, stream, maxBodyBytes: maxBytes = MAX_BODY_BYTES } = route
  if (stream) return openBody(request, response, { types: stream, maxBytes })
  if (types) return readBytes(request, response, { types, maxBytes })
  if (!route.body) return undefined
  const body = await readJson(request, response, maxBytes)
  if (body === undefined && !route.bodyOptional)
    throw new AppError('bad_request', 'This call needs a JSON body.', { field: 'body' })
  return validate(route.body, body, 'body')
}

function validate(schema: z.ZodType, value: unknown, whole: string): unknown {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw badInput(parsed.error, whole)
  return parsed.data
}
