import { z } from 'zod'
import { processId } from '@/server/services/live/stream.schema'
import { activationRevision, promptChannel, promptName } from './prompts.schema'

const revision = z.int().min(1).describe('the process serves at least this one from now on')

/** Who confirmed an activation is known for this long. */
export const CONFIRMATIONS_KEPT_DAYS = 90

export const ConfirmPrompts = z.strictObject({
  process: processId.describe('the one of its stream'),
  prompts: z.array(z.strictObject({ name: promptName, channel: promptChannel, revision })).max(1_000),
})
export type ConfirmPrompts = z.infer<typeof ConfirmPrompts>

export const ActivationDelivery = z.strictObject({
  name: promptName,
  channel: promptChannel,
  revision: activationRevision,
})
export type ActivationDelivery = z.infer<typeof ActivationDelivery>
