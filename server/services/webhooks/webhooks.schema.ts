import { z } from 'zod'
import { text } from '@/server/services/text.schema'

/** Every event that a webhook can be told of, and when it happens. A new one needs this line and a call of `noteEvent`. */
export const webhookEvents = {
  'prompt.activated': 'a version went live',
  'prompt.rolled_back': 'a channel went back to what was live before',
  'prompt.rollout_changed': 'several versions are served by weight, or their weights changed',
  'prompt.approval_requested': 'a change waits for a second person',
  'budget.threshold_reached': 'a part of a budget is spent',
  'budget.exceeded': 'all of a budget is spent, or more',
  'budget.will_be_used_up': 'a budget is foreseen to be used up before its period ends',
  'memory.recall_below_target':
    'searches of a tenant find less than wanted, and did not when recall was measured before',
  'usage.day_ended': 'a day (UTC) is over, with what it cost and who cost most',
} as const
export type WebhookEvent = keyof typeof webhookEvents

export const WebhookEvent = z.enum(Object.keys(webhookEvents) as [WebhookEvent, ...WebhookEvent[]])

/** What the test button sends; nobody subscribes to it. */
export const testEvent = 'webhook.test'

/** Which addresses are refused is decided on the server (webhook-address.ts). */
const url = text(2_000)
  .refine((value) => parsed(value) !== null, 'must be an address such as https://example.com/hook')
  .refine(
    (value) => ['http:', 'https:'].includes(parsed(value)?.protocol ?? 'http:'),
    'must begin with http:// or https://',
  )
  .refine(
    (value) => !hasCredentials(parsed(value)),
    'must not hold a user name or password; receivers check the signature',
  )

const parsed = (value: string) => (URL.canParse(value) ? new URL(value) : null)
const hasCredentials = (address: URL | null) => address !== null && address.username + address.password !== ''

const fields = {
  name: text(80),
  url,
  events: z
    .array(WebhookEvent)
    .min(1, 'choose at least one event')
    .transform((events) => [...new Set(events)]),
}

export const CreateWebhook = z.strictObject(fields)
export type CreateWebhook = z.infer<typeof CreateWebhook>

export const UpdateWebhook = z.strictObject({ id: z.uuid(), ...fields, enabled: z.boolean() })
export type UpdateWebhook = z.infer<typeof UpdateWebhook>

export const WebhookId = z.strictObject({ id: z.uuid() })
export type WebhookId = z.infer<typeof WebhookId>

export const DeliveryId = z.strictObject({ id: z.int().min(1) })
export type DeliveryId = z.infer<typeof DeliveryId>

/** How long a receiver may take, and how long after each failed attempt the next one comes. */
export const deliveryDeadlineSeconds = 5
export const retryAfterSeconds = [5, 30, 120, 600, 3_600, 21_600] as const
export const mostAttempts = retryAfterSeconds.length + 1
