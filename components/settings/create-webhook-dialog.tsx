'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { verificationLines } from './verification-lines'
import { everyEvent, WebhookForm } from './webhook-form'

/** Makes a webhook, then shows its secret, this once, and how a receiver uses it. */
export function CreateWebhookDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState({ name: '', url: '', events: everyEvent })
  const create = useMutation(
    trpc.settings.webhooks.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.settings.webhooks.list.queryFilter()),
    }),
  )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      {create.data ? (
        <DialogContent
          title={`${draft.name} is ready`}
          description="Copy its secret now: it is not shown again. Whoever holds it can pretend to be Engram."
        >
          <div className="grid grid-cols-[minmax(0,1fr)] gap-3 overflow-y-auto px-3.5 pt-1 pb-3.5">
            <CodeBlock code={create.data.secret} label="Copy the secret" />
            <p className="text-muted">
              With it the receiver knows that a message is Engram’s. In Node, or with any Standard Webhooks library:
            </p>
            <CodeBlock code={verificationLines} label="Copy the lines" />
          </div>
          <CardFooter>
            <Button size="md" variant="primary" onClick={onClose}>
              Done
            </Button>
          </CardFooter>
        </DialogContent>
      ) : (
        <DialogContent title="New webhook" description="An address of yours that Engram posts events to.">
          <WebhookForm
            draft={draft}
            onChange={setDraft}
            error={create.error}
            pending={create.isPending}
            submitLabel="Create webhook"
            onSubmit={(trimmed) => create.mutate(trimmed)}
            onCancel={onClose}
          />
        </DialogContent>
      )}
    </Dialog>
  )
}
