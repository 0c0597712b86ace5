import { z } from 'zod'
import { Scope } from '@/server/services/scope.schema'
import { tenantSlug, text } from '@/server/services/text.schema'
import { sessionNamespace } from './session-namespaces.schema'

const seconds = z
  .int()
  .min(1)
  .max(366 * 24 * 3600)

/** Which sessions are meant: those that meet every condition that is given. */
const conditions = {
  namespace: sessionNamespace.nullable().default(null).describe('Those whose id begins with it and a colon'),
  tenant: tenantSlug.nullable().default(null),
  user: text(200).nullable().default(null),
  prompt: text(220)
    .nullable()
    .default(null)
    .describe('The prompt that its last call used: support-reply, or support-reply@7'),
  olderThanSeconds: seconds.nullable().default(null).describe('Begun at least this long ago'),
  idleSeconds: seconds.nullable().default(null).describe('Not touched for at least this long'),
  minBytes: z.int().min(1).max(1_000_000_000).nullable().default(null).describe('Data and kept turns together'),
}
export const SessionFilter = z.strictObject(conditions)
export type SessionFilter = z.output<typeof SessionFilter>

const given = (filter: SessionFilter) => Object.values(filter).some((value) => value !== null)

export const ListSessions = SessionFilter.extend({
  /** Those that expire last come first, unless turned round. */
  soonest: z.boolean(),
  cursor: z
    .strictObject({
      id: z.string().max(1_000),
      expiresAt: z.number(),
      examined: z.int().min(0),
      asOf: z.iso.datetime(),
    })
    .nullish(),
  direction: z.enum(['forward', 'backward']).optional(),
})
export type ListSessions = z.output<typeof ListSessions>

export const SessionId = z.strictObject({ id: z.string().min(1).max(1_000) })
export const ReportSessions = Scope

/** Either some sessions by id, or all that meet the conditions; none at all needs `everything`. */
export const LogOut = z
  .strictObject({
    ...conditions,
    ids: z.array(text(200)).min(1).max(100).nullable().default(null),
    everything: z.boolean().default(false).describe('Needed where no condition is given'),
  })
  .superRefine(({ ids, everything, ...filter }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    if (ids !== null && given(filter)) refuse('ids', 'give either ids or conditions')
    if (ids === null && !given(filter) && !everything) refuse('everything', 'must be true to log out every session')
  })
export type LogOut = z.output<typeof LogOut>

export const LogOutId = z.strictObject({ id: z.uuid() })
export type LogOutId = z.output<typeof LogOutId>

const instant = z.iso.datetime()
export const logOutState = z.object({
  id: z.uuid(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  loggedOut: z.int(),
  examined: z.int().describe('Sessions looked at so far'),
  ofSessions: z.int().describe('Live sessions when it began'),
  by: z.string(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  undoUntil: instant.nullable().describe('Until when it can be undone; null where it cannot'),
  undoneAt: instant.nullable(),
  restored: z.int().nullable(),
  problem: z.string().nullable().describe('Why it does not go on, while it does not; why it failed'),
})
export type LogOutState = z.output<typeof logOutState>

export const undoneLogOut = z.object({
  restored: z.int(),
  taken: z.int().describe('A new session of that id was begun meanwhile: it stays'),
  expired: z.int().describe('Its time was over'),
})
