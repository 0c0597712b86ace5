import { z } from 'zod'
import { connectionId, KeyRef } from '@/server/services/redis-keys/redis-keys.schema'
import { text } from '@/server/services/text.schema'

/** Sessions that other software keeps: a family that was declared, in one Redis. */
const where = { connection: connectionId, family: text(100) }
const user = text(200).nullable()
const key = KeyRef.shape.key.min(1)
/** What TanStack's pages send along. */
const paged = {
  cursor: z.string().max(1_000).nullable().default(null),
  direction: z.enum(['forward', 'backward']).optional(),
}

export const ListForeign = z.strictObject({ ...where, user, ...paged })
export type ListForeign = z.output<typeof ListForeign>
export const PeekForeign = z.strictObject({ ...where, key })
export type PeekForeign = z.output<typeof PeekForeign>

/** Either some by key, or all of a user; neither needs `everything`. */
export const ForeignLogOut = z
  .strictObject({
    ...where,
    keys: z.array(key).min(1).max(100).nullable(),
    user,
    everything: z.boolean(),
  })
  .superRefine(({ keys, user, everything }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    if (keys !== null && user !== null) refuse('keys', 'give either keys or a user')
    if (keys === null && user === null && !everything)
      refuse('everything', 'must be true to log out every session of the family')
  })
export type ForeignLogOut = z.output<typeof ForeignLogOut>

/** As the row of a log-out keeps it, apart from those of Engram's own sessions. */
export const StoredForeign = z.strictObject({ foreign: ForeignLogOut })
