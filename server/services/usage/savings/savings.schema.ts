import { z } from 'zod'
import { Scope } from '@/server/services/scope.schema'
import { usageScope } from '@/server/services/usage/usage.schema'
import { text } from '@/server/services/text.schema'

export const savingsGroups = ['namespace', 'tenant', 'prompt'] as const
export type SavingsGroupName = (typeof savingsGroups)[number]

/** A scope, one namespace or prompt of it, and by what the whole is broken down. Look-ups know no model, user or status. */
export const savingsInput = Scope.safeExtend({
  prompt: usageScope.shape.prompt,
  namespace: text(100).nullable(),
  by: z.enum(savingsGroups),
})
export type SavingsInput = z.output<typeof savingsInput>

export const SetRedisPrice = z.strictObject({
  /** US dollars per GiB and month; null takes it back. */
  usdPerGibMonth: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,12})?$/, 'must be a decimal like 16.50, in US dollars')
    .nullable(),
})
export type SetRedisPrice = z.output<typeof SetRedisPrice>
