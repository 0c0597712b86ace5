import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

const empty = {
  name: '',
  endpoint: '',
  dimensions: '',
  key: '',
  pricePerMillion: '',
  batchSize: '64',
  requestsPerMinute: '',
}
type Draft = typeof empty

const fields: {
  name: keyof Draft
  label: string
  hint?: string
  type?: 'password' | 'number'
  placeholder?: string
}[] = [
  {
    name: 'name',
    label: 'Model',
    hint: 'As the endpoint and your items name it.',
    placeholder: 'text-embedding-3-small',
  },
  {
    name: 'endpoint',
    label: 'Endpoint',
    hint: 'Speaks OpenAI’s embeddings API: Engram posts to /embeddings below it.',
    placeholder: 'https://api.openai.com/v1',
  },
  { name: 'dimensions', label: 'Dimensions', type: 'number', placeholder: '1536' },
  {
    name: 'key',
    label: 'API key (optional)',
    type: 'password',
    hint: 'Kept encrypted under AUTH_SECRET, and never shown again.',
  },
  { name: 'pricePerMillion', label: 'US dollars per million tokens (optional)', placeholder: '0.02' },
  { name: 'batchSize', label: 'Items per request', type: 'number' },
  { name: 'requestsPerMinute', label: 'Requests per minute (optional)', type: 'number', hint: 'Of each worker.' },
]

const numberOr = <T,>(text: string, none: T) => (text.trim() === '' ? none : Number(text))

/** Registers a model whose endpoint answers. */
export function RegisterModelDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(empty)
  const register = useMutation(
    trpc.embedding.register.mutationOptions({
      onSuccess: ({ name }) => {
        void queryClient.invalidateQueries(trpc.embedding.pathFilter())
        toast.done(`${name} is registered`, { detail: 'Its endpoint embedded one sentence.' })
        onClose()
      },
    }),
  )
  const field = fieldOf(register.error)
  const known = fields.some(({ name }) => name === field)
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Register a model"
      description="The endpoint is asked to embed one sentence, and the model is registered when it does."
      confirmLabel="Register model"
      ready={draft.name.trim() !== '' && draft.endpoint.trim() !== '' && draft.dimensions !== ''}
      pending={register.isPending}
      error={register.error && !known ? register.error.message : null}
      onConfirm={() =>
        register.mutate({
          name: draft.name.trim(),
          endpoint: draft.endpoint.trim(),
          dimensions: Number(draft.dimensions),
          key: draft.key || null,
          pricePerMillion: draft.pricePerMillion.trim() || null,
          batchSize: numberOr(draft.batchSize, 64),
          requestsPerMinute: numberOr(draft.requestsPerMinute, null),
        })
      }
    >
      {fields.map(({ name, label, hint, ...input }) => (
        <Field key={name} label={label} hint={hint} error={field === name ? (register.error?.message ?? null) : null}>
          <Input
            {...input}
            value={draft[name]}
            onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
            autoComplete={input.type === 'password' ? 'new-password' : 'off'}
            spellCheck={false}
          />
        </Field>
      ))}
    </ConfirmDialog>
  )
}
