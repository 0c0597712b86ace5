import { router, viewer } from '@/server/console/trpc'
import { createWebhook } from '@/server/services/webhooks/create-webhook'
import { deleteWebhook } from '@/server/services/webhooks/delete-webhook'
import { listDeliveries } from '@/server/services/webhooks/list-deliveries'
import { listWebhooks } from '@/server/services/webhooks/list-webhooks'
import { retryDelivery } from '@/server/services/webhooks/retry-delivery'
import { testWebhook } from '@/server/services/webhooks/test-webhook'
import { updateWebhook } from '@/server/services/webhooks/update-webhook'
import { CreateWebhook, DeliveryId, UpdateWebhook, WebhookId } from '@/server/services/webhooks/webhooks.schema'

export const webhooks = router({
  list: viewer.query(({ ctx }) => listWebhooks(ctx.caller)),
  deliveries: viewer.query(({ ctx }) => listDeliveries(ctx.caller)),
  create: viewer.input(CreateWebhook).mutation(({ ctx, input }) => createWebhook(ctx.caller, input)),
  update: viewer.input(UpdateWebhook).mutation(({ ctx, input }) => updateWebhook(ctx.caller, input)),
  delete: viewer.input(WebhookId).mutation(({ ctx, input }) => deleteWebhook(ctx.caller, input)),
  test: viewer.input(WebhookId).mutation(({ ctx, input }) => testWebhook(ctx.caller, input)),
  retry: viewer.input(DeliveryId).mutation(({ ctx, input }) => retryDelivery(ctx.caller, input)),
})
