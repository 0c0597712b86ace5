import { z } from 'zod'
import { Scope } from '@/server/services/scope.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

/** What may have gone wrong with a call; `any` is all of these. */
export const problems = ['any', 'error', 'timeout', 'refused', 'cancelled'] as const

export const ListConversations = Scope.safeExtend({
  user: text(200).nullable(),
  prompt: text(220).nullable(),
  problem: z.enum(problems).nullable(),
  cursor: z
    .strictObject({ asOf: z.iso.datetime(), lastAt: z.iso.datetime(), tenant: tenantSlug, id: text(200) })
    .nullish(),
  direction: z.enum(['forward', 'backward']).optional(),
})
export type ListConversations = z.output<typeof ListConversations>

export const ReadConversation = z.strictObject({
  tenant: tenantSlug,
  id: text(200),
  cursor: z.strictObject({ begun: z.number().int(), ordinal: z.number().int(), at: z.iso.datetime() }).nullish(),
  direction: z.enum(['forward', 'backward']).optional(),
})
export type ReadConversation = z.output<typeof ReadConversation>
