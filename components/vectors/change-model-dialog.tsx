import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { count } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { money } from '@/components/format/money'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { ReEmbeddingPreview } from '@/server/services/vectors/re-embedding/preview-re-embedding'
import { Facts } from './facts'
import { useReEmbedding } from './use-re-embedding'

type Props = { tenant: string; active: string; onClose: () => void }

/** Another model for a tenant, with what the change takes before it begins. */
export function ChangeModelDialog({ tenant, active, onClose }: Props) {
  const trpc = useTRPC()
  const models = useQuery(trpc.embedding.models.queryOptions())
  const [chosen, setChosen] = useState('')
  const others = (models.data ?? []).filter(({ name }) => name !== active)
  const model = chosen || others[0]?.name || ''
  const preview = useQuery(trpc.embedding.preview.queryOptions(model ? { tenant, model } : skipToken))
  const { start } = useReEmbedding(tenant)
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Change the embedding model of ${tenant}`}
      description={`Every item is embedded anew, beside its vector of ${active}. Searches stay as they are until you switch.`}
      confirmLabel="Begin"
      ready={preview.data !== undefined}
      pending={start.isPending}
      error={start.error?.message ?? preview.error?.message ?? models.error?.message}
      onConfirm={() => start.mutate({ tenant, model }, { onSuccess: onClose })}
    >
      <Field label="New model" hint={others.length === 0 ? 'Register one under Models first.' : undefined}>
        <Select
          value={model}
          onValueChange={setChosen}
          options={others.map(({ name, local, dimensions }) => ({
            value: name,
            label: name,
            hint: local ? `${dimensions} dimensions, local, not semantic` : `${dimensions} dimensions`,
          }))}
        />
      </Field>
      {preview.isPending && model !== '' && <p className="text-muted">Counting the items…</p>}
      {preview.data && (
        <div className="rounded-md border border-line">
          <Facts rows={previewRows(preview.data)} />
        </div>
      )}
    </ConfirmDialog>
  )
}

/** What is counted, and what is an estimate and by what. */
export function previewRows(preview: ReEmbeddingPreview) {
  const { items, batches, batchSize, tokens, cost, local, embeddingMs, indexMs, indexType } = preview
  return [
    { name: 'Items, counted now', value: count(items) },
    { name: 'Batches', value: `${count(batches)} of ${count(batchSize)}` },
    {
      name: 'Tokens',
      value: local ? 'none' : `≈ ${count(tokens)}`,
      hint: 'Estimated: four characters per token, by the first thousand items',
    },
    {
      name: 'Cost',
      value: local ? 'nothing: computed here' : cost === null ? 'not known: no price' : `≈ ${money(cost)}`,
    },
    {
      name: 'Embedding takes',
      value: embeddingMs === null ? 'known after the first batches' : `≈ ${durationLong(Math.max(1_000, embeddingMs))}`,
      hint: 'By the pace of the last batches of this model, and by its limit',
    },
    {
      name: 'Index',
      value:
        indexMs === null ? 'none: every answer is exact' : `${indexType}, ≈ ${durationLong(Math.max(1_000, indexMs))}`,
    },
  ]
}
