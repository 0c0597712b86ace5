import { z } from 'zod'
import { text } from '@/server/services/text.schema'

export const operatorRole = z.enum(['viewer', 'operator', 'admin'])
export type OperatorRole = z.infer<typeof operatorRole>

/** Addresses are kept and compared in lower case. */
export const emailAddress = z.string().trim().toLowerCase().max(254).pipe(z.email('must be an e-mail address'))

export const minPasswordLength = 12
const password = text(128).min(minPasswordLength, `needs at least ${minPasswordLength} characters`)

export const inviteOperatorInput = z.strictObject({ email: emailAddress, name: text(80), role: operatorRole })
export type InviteOperatorInput = z.infer<typeof inviteOperatorInput>

export const emailInput = z.strictObject({ email: emailAddress })

export const operatorIdInput = z.strictObject({ id: text(64) })
export type OperatorIdInput = z.infer<typeof operatorIdInput>

export const setRoleInput = z.strictObject({ id: text(64), role: operatorRole })
export type SetRoleInput = z.infer<typeof setRoleInput>

export const setPasswordInput = z.strictObject({
  /** Needed by whoever has a password already. */
  current: z.string().max(128).nullable(),
  password,
})
export type SetPasswordInput = z.infer<typeof setPasswordInput>

/** How long a one-time sign-in link can be used. */
export const signInLinkMinutes = 15
