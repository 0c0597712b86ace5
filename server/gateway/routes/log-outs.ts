import { callerOf, requireTenant } from '@/server/gateway/key'
import type { Key } from '@/db/postgres/queries/keys'
import { AppError } from '@/server/errors'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import { logOut } from '@/server/services/sessions/log-out'
import { readLogOut } from '@/server/services/sessions/read-log-out'
import { LogOut, LogOutId, logOutState, undoneLogOut } from '@/server/services/sessions/session-lists.schema'
import { undoLogOut } from '@/server/services/sessions/undo-log-out'

const path = '/v1/log-outs'
const params = { id: '7f1c0f1e-7a30-4c6c-9a3c-0d4f5f3f2b11' }
const done = {
  id: params.id,
  state: 'done',
  loggedOut: 3,
  examined: 128,
  ofSessions: 128,
  by: 'pipeline',
  startedAt: '2026-11-21T12:00:00.000Z',
  finishedAt: '2026-11-21T12:00:00.040Z',
  undoUntil: '2026-11-21T12:00:30.040Z',
  undoneAt: null,
  restored: null,
  problem: null,
}
const notFound = 'There is no such log-out.'

/** A log-out does not say of whose tenants it is (R11). */
function requireAllTenants(key: Key): void {
  if (key.tenants !== null) throw new AppError('forbidden', 'This call needs a key for all tenants.')
}

export function logOutRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path,
      scope: 'operator',
      summary: 'Log out sessions, with a way back',
      description:
        'By id, or all that meet every condition given: all of a user with tenant and user. It reaches Redis and the table alike. A session that is logged out is ' +
        'unreadable everywhere at once. What takes longer than three seconds goes on, and state is running.',
      body: LogOut,
      example: { body: { tenant: 'acme', user: 'u-42' } },
      replies: {
        200: { when: 'all of them are out', schema: logOutState, example: done },
        202: {
          when: 'it goes on; ask for its state',
          schema: logOutState,
          example: { ...done, state: 'running', finishedAt: null, undoUntil: null },
        },
      },
      errors: {
        not_found: 'The only id that was given is no live session.',
        unavailable: 'Redis does not answer. Where it stopped midway, it goes on by itself.',
      },
      handle: async ({ body, key, stores }) => {
        if (body.tenant !== null) requireTenant(key, body.tenant)
        else if (key.tenants !== null)
          throw new AppError('forbidden', 'A key of some tenants must name the tenant.', { field: 'tenant' })
        const state = await logOut(callerOf(stores, key), body)
        return reply(state.state === 'running' ? 202 : 200, state)
      },
    }),
    route({
      method: 'GET',
      path: `${path}/:id`,
      scope: 'operator',
      summary: 'How far a log-out is',
      params: LogOutId,
      example: { params },
      replies: { 200: { when: 'there is one', schema: logOutState, example: done } },
      errors: { not_found: notFound },
      handle: ({ params, key, stores }) => {
        requireAllTenants(key)
        return readLogOut(stores, params)
      },
    }),
    route({
      method: 'POST',
      path: `${path}/:id/undo`,
      scope: 'operator',
      summary: 'Undo a log-out',
      description:
        'Within 30 seconds after it was over. Sessions come back with data, turns and the time that they had left; an id ' +
        'under which a session was begun meanwhile keeps the new one.',
      params: LogOutId,
      example: { params },
      replies: {
        200: { when: 'they are back', schema: undoneLogOut, example: { restored: 3, taken: 0, expired: 0 } },
      },
      errors: { not_found: notFound, conflict: 'It is not over, or the 30 seconds are.' },
      handle: ({ params, key, stores }) => {
        requireAllTenants(key)
        return undoLogOut(callerOf(stores, key), params)
      },
    }),
  ]
}
