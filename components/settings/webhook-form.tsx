'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { fieldOf } from '@/components/shell/query-client'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { CreateWebhook, type WebhookEvent, webhookEvents } from '@/server/services/webhooks/webhooks.schema'

export type WebhookDraft = { name: string; url: string; events: WebhookEvent[] }

const allEvents = Object.entries(webhookEvents) as [WebhookEvent, string][]
export const everyEvent = allEvents.map(([event]) => event)

/** Name, address and events; what is wrong stands at its field, also what only the server can mind. */
export function WebhookForm({
  draft,
  onChange,
  error,
  pending,
  submitLabel,
  onSubmit,
  onCancel,
  children,
}: {
  draft: WebhookDraft
  onChange: (draft: WebhookDraft) => void
  error: { message: string } | null
  pending: boolean
  submitLabel: string
  onSubmit: (draft: WebhookDraft) => void
  onCancel: () => void
  children?: ReactNode
}) {
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const refused = error && { field: fieldOf(error)?.split('.')[0], message: error.message }
  const shown = wrong ?? refused
  const errorAt = (at: string) => (shown?.field === at ? shown.message : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const trimmed = { ...draft, name: draft.name.trim(), url: draft.url.trim() }
    const issue = CreateWebhook.safeParse(trimmed).error?.issues[0]
    setWrong(issue ? { field: String(issue.path[0]), message: issue.message } : null)
    if (!issue && !pending) onSubmit(trimmed)
  }
  const toggle = (event: WebhookEvent, on: boolean) =>
    onChange({ ...draft, events: everyEvent.filter((one) => (one === event ? on : draft.events.includes(one))) })
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <div className="grid gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
        <Field label="Name" error={errorAt('name')}>
          <Input
            value={draft.name}
            onChange={({ target }) => onChange({ ...draft, name: target.value })}
            maxLength={80}
            required
            autoFocus
          />
        </Field>
        <Field label="Address" hint="Yours, http or https; private networks too." error={errorAt('url')}>
          <Input
            value={draft.url}
            onChange={({ target }) => onChange({ ...draft, url: target.value })}
            placeholder="https://example.com/engram"
            spellCheck={false}
            required
          />
        </Field>
        <fieldset className="grid gap-1.5">
          <legend className="pb-1 text-sm font-medium">Events</legend>
          {allEvents.map(([event, when]) => (
            <label key={event} className="flex items-baseline gap-2">
              <Checkbox
                checked={draft.events.includes(event)}
                onCheckedChange={(checked) => toggle(event, checked === true)}
                className="translate-y-0.5"
              />
              <span>
                <span className="font-mono text-sm">{event}</span> <span className="text-sm text-muted">{when}</span>
              </span>
            </label>
          ))}
          <p role="alert" className="text-sm text-bad empty:hidden">
            {errorAt('events')}
          </p>
        </fieldset>
        {children}
        <p role="alert" className="text-bad empty:hidden">
          {shown && !['name', 'url', 'events'].includes(shown.field ?? '') && shown.message}
        </p>
      </div>
      <CardFooter>
        <Button size="md" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="md" variant="primary" pending={pending}>
          {submitLabel}
        </Button>
      </CardFooter>
    </form>
  )
}
