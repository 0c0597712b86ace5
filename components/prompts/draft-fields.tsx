'use client'

import { Fragment } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import { variablesOf } from '@/server/services/prompts/variables.schema'
import type { Draft } from './draft'

export type Refused = { field: string | undefined; message: string } | null
const fields = ['content', 'model', 'config', 'message']

/** The fields of a draft. What the server minded stands at its field; what names none stands below them. */
export function DraftFields({
  draft,
  onChange,
  configError,
  refused,
}: {
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
      <div className="grid content-start gap-1">
        <Field label="Content" error={errorAt('content')}>
          <Textarea
            value={draft.content}
            onChange={(event) => set({ content: event.target.value })}
            className="min-h-72 font-mono text-sm leading-5"
            spellCheck={false}
            autoFocus
          />
        </Field>
        {errorAt('content') && (
          <label className="flex items-center gap-2">
            <Checkbox checked={draft.force} onCheckedChange={(checked) => set({ force: checked === true })} />
            Add it all the same
          </label>
        )}
        <Variables of={variablesOf(draft.content)} />
      </div>
      <div className="grid content-start gap-3">
        <Field label="Message" hint="What changed, and why." error={errorAt('message')}>
          <Textarea value={draft.message} onChange={(event) => set({ message: event.target.value })} maxLength={500} />
        </Field>
        <Field label="Model" error={errorAt('model')}>
          <Input value={draft.model} onChange={(event) => set({ model: event.target.value })} spellCheck={false} />
        </Field>
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

function Variables({ of }: { of: string[] }) {
  return (
    <p className="flex flex-wrap items-baseline gap-1.5 text-sm text-muted">
      {of.length === 0 ? 'No {{variables}}.' : 'Variables:'}
      {of.map((variable) => (
        <Fragment key={variable}>
          {' '}
          <span className="rounded-sm bg-pg-soft px-1 font-mono text-pg-ink">{variable}</span>
        </Fragment>
      ))}
    </p>
  )
}
