import { z } from 'zod'
import { requireTenant } from '@/server/gateway/key'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { addTurn } from '@/server/services/sessions/add-turn'
import { endSession } from '@/server/services/sessions/end-session'
import { getSession } from '@/server/services/sessions/get-session'
import { putSession } from '@/server/services/sessions/put-session'
import { session, sessionInput, sessionRef, turnInput } from '@/server/services/sessions/sessions.schema'

const path = '/v1/sessions/:id'
const params = { id: 'chat-7f3a' }
const instant = z.iso.datetime()
const kept = {
  tenant: 'acme',
  user: 'u-42',
  ttlSeconds: 1800,
  data: { locale: 'de' },
}

export function sessionRoutes({ lookups }: Pick<Services, 'lookups'>): Route[] {
  return [
    route({
      method: 'PUT',
      path,
      scope: 'app',
      summary: 'Start a session, or replace its data',
      description:
        'A session ends ttlSeconds after the last call that touched it. Replacing one keeps its turns. Sessions live in Redis, or in an unlogged table of Postgres where an operator has chosen so for the namespace that the id begins with, as carts in carts:4711; the calls are the same.',
      params: sessionRef,
      body: sessionInput,
      example: { params, body: kept },
      replies: {
        200: {
          when: 'the session is kept',
          schema: z.object({ id: z.string(), createdAt: instant, expiresAt: instant }),
          example: {
            id: params.id,
            createdAt: '2026-11-21T12:00:00.000Z',
            expiresAt: '2026-11-21T12:30:00.000Z',
          },
        },
      },
      errors: { conflict: 'The id is taken by a session of another tenant.' },
      handle: ({ params, body, key, stores }) => {
        requireTenant(key, body.tenant)
        return putSession(stores, { ...params, session: body, simulated: key.simulated })
      },
    }),
    route({
      method: 'POST',
      path: `${path}/turns`,
      scope: 'app',
      summary: 'Add a turn of the conversation',
      description:
        'The last 50 turns are kept with the session; every turn is in Postgres within a second (of a session in the table: at once), where the console shows it with what it cost. usageId names the usage event of the call that made the turn. With an id of your own a turn that is sent again, because no answer came, is added once.',
      params: sessionRef,
      body: turnInput,
      example: { params, body: { id: 'm-1', role: 'user', content: 'Where is my parcel?' } },
      replies: {
        201: {
          when: 'the turn is kept; turns says how many are',
          schema: z.object({ turns: z.number().int(), expiresAt: instant }),
          example: { turns: 1, expiresAt: '2026-11-21T12:30:00.000Z' },
        },
      },
      errors: {
        not_found: "There is no such session, it has expired, or it is not one of your tenants'.",
        conflict: 'The id names another turn, or Redis holds something under the key that Engram did not write.',
        unavailable: 'The store of the session does not answer, or too many turns wait for Postgres: nothing was kept.',
      },
      handle: async ({ params, body, key, stores }) =>
        reply(201, await addTurn(stores, { ...params, turn: body, allowed: key.tenants })),
    }),
    route({
      method: 'GET',
      path,
      scope: 'app',
      summary: 'Read a session with its turns',
      params: sessionRef,
      example: { params },
      replies: {
        200: {
          when: 'it lives',
          schema: session,
          example: {
            id: params.id,
            ...kept,
            turns: [{ role: 'user', content: 'Where is my parcel?', at: '2026-11-21T12:00:00.000Z' }],
            createdAt: '2026-11-21T12:00:00.000Z',
            expiresAt: '2026-11-21T12:30:00.000Z',
          },
        },
      },
      errors: { not_found: "There is no such session, it has expired, or it is not one of your tenants'." },
      handle: ({ params, key, stores }) =>
        getSession(stores, { ...params, allowed: key.tenants, simulated: key.simulated, lookups }),
    }),
    route({
      method: 'DELETE',
      path,
      scope: 'app',
      summary: 'End a session',
      params: sessionRef,
      example: { params },
      replies: {
        200: { when: 'it is gone', schema: z.object({ deleted: z.literal(true) }), example: { deleted: true } },
      },
      errors: { not_found: "There is no such session, it has expired, or it is not one of your tenants'." },
      handle: ({ params, key, stores }) => endSession(stores, { ...params, allowed: key.tenants }),
    }),
  ]
}
