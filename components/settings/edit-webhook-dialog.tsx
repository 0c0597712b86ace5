'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Switch } from '@/components/ui/switch'
import type { ListedWebhook } from '@/server/services/webhooks/list-webhooks'
import { WebhookForm, everyEvent } from './webhook-form'

export function EditWebhookDialog({ webhook, onClose }: { webhook: ListedWebhook; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { id, name, url, events } = webhook
  const [draft, setDraft] = useState({ name, url, events: everyEvent.filter((event) => events.includes(event)) })
  const [enabled, setEnabled] = useState(webhook.enabled)
  const update = useMutation(
    trpc.settings.webhooks.update.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.settings.webhooks.pathFilter())
        toast.done(`${draft.name} is changed`)
        onClose()
      },
    }),
  )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={`Edit ${name}`} description="Its secret stays the same.">
        <WebhookForm
          draft={draft}
          onChange={setDraft}
          error={update.error}
          pending={update.isPending}
          submitLabel="Save"
          onSubmit={(trimmed) => update.mutate({ id, ...trimmed, enabled })}
          onCancel={onClose}
        >
          <label className="flex items-center gap-2">
            <Switch checked={enabled} onCheckedChange={setEnabled} aria-label="Enabled" />
            <span>
              Enabled{' '}
              <span className="text-sm text-muted">
                off: what happens meanwhile is not told, what waits already waits on
              </span>
            </span>
          </label>
        </WebhookForm>
      </DialogContent>
    </Dialog>
  )
}
