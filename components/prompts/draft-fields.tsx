'use client'

import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTRPC } from '@/components/shell/trpc'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import { ContentField } from './content-field'
import type { Draft } from './draft'
import { TemplateParts } from './template-parts'

export type Refused = { field: string | undefined; message: string } | null
const fields = ['content', 'model', 'config', 'message']

/** The fields of a draft. What the server minded stands at its field; what names none stands below them. */
export function DraftFields({
  name,
  channel,
  draft,
  onChange,
  configError,
  refused,
}: {
  name: string
  channel: string
  draft: Draft
  onChange: (draft: Draft) => void
  configError: string | null
  refused: Refused
}) {
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change })
  const errorAt = (field: string) => (refused?.field === field ? refused.message : null)
  const elsewhere = refused && !fields.includes(refused.field ?? '') ? refused.message : null
  return (
    <div className="grid gap-3 lg:grid-cols-[minmax(0,1fr)_16rem]">
      <div className="grid content-start gap-2">
        <ContentField draft={draft} onChange={set} refused={errorAt('content')} />
        <TemplateParts content={draft.content} name={name} channel={channel} />
      </div>
      <div className="grid content-start gap-3">
        <Field label="Message" hint="What changed, and why." error={errorAt('message')}>
          <Textarea value={draft.message} onChange={(event) => set({ message: event.target.value })} maxLength={500} />
        </Field>
        <ModelField value={draft.model} onChange={(model) => set({ model })} error={errorAt('model')} />
        <Field label="Config" hint="A JSON object." error={configError ?? errorAt('config')}>
          <Textarea
            value={draft.config}
            onChange={(event) => set({ config: event.target.value })}
            className="min-h-32 font-mono text-sm leading-5"
            placeholder={'{ "temperature": 0.2 }'}
            spellCheck={false}
          />
        </Field>
        <p role="alert" className="text-sm text-bad empty:hidden">
          {elsewhere}
        </p>
      </div>
    </div>
  )
}

/** Any name may be typed; those in use are suggested. */
function ModelField({
  value,
  onChange,
  error,
}: {
  value: string
  onChange: (model: string) => void
  error: string | null
}) {
  const list = useId()
  const { data: models } = useQuery(useTRPC().prompts.models.queryOptions())
  return (
    <>
      <Field label="Model" error={error}>
        <Input
          value={value}
          onChange={(event) => onChange(event.target.value)}
          list={list}
          maxLength={200}
          spellCheck={false}
        />
      </Field>
      <datalist id={list}>
        {models?.map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
    </>
  )
}
