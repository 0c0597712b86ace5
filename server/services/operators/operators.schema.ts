import { z } from 'zod'
import { text } from '@/server/services/text.schema'

export const OperatorRole = z.enum(['viewer', 'operator', 'admin'])
export type OperatorRole = z.infer<typeof OperatorRole>

/** Addresses are kept and compared in lower case. */
export const emailAddress = z.string().trim().toLowerCase().max(254).pipe(z.email('must be an email address'))

export const minPasswordLength = 12
const password = text(128).min(minPasswordLength, `needs at least ${minPasswordLength} characters`)

export const InviteOperator = z.strictObject({ email: emailAddress, name: text(80), role: OperatorRole })
export type InviteOperator = z.infer<typeof InviteOperator>

export const OperatorAddress = z.strictObject({ email: emailAddress })

export const OperatorId = z.strictObject({ id: text(64) })
export type OperatorId = z.infer<typeof OperatorId>

export const SetRole = z.strictObject({ id: text(64), role: OperatorRole })
export type SetRole = z.infer<typeof SetRole>

export const SetPassword = z.strictObject({
  /** Needed by whoever has a password already. */
  current: z.string().max(128).nullable(),
  password,
})
export type SetPassword = z.infer<typeof SetPassword>

/** How long a one-time sign-in link can be used. */
export const signInLinkMinutes = 15
