'use client'

import { useId } from 'react'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Switch } from '@/components/ui/switch'
import type { GuardDraft, GuardField } from './guard-draft'

type Props = {
  draft: GuardDraft
  errors: Map<GuardField, string>
  onChange: (draft: GuardDraft) => void
}

/** Whether the rollout is watched. */
export function GuardSwitch({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  const id = useId()
  return (
    <div className="flex items-start justify-between gap-4">
      <label htmlFor={id}>
        <span className="block font-medium">Guard</span>
        <span className="block text-sm text-muted">
          Widens by itself while the version stays within its limits, rolls back when it does not, and writes why.
        </span>
      </label>
      <Switch id={id} aria-label="Guard" checked={checked} onCheckedChange={onChange} className="mt-0.5" />
    </div>
  )
}

/** Steps, patience and limits of a guard. */
export function GuardFields(props: Props) {
  return (
    <div className="grid gap-3">
      <One {...props} field="steps" label="Steps, percent" />
      <div className="grid grid-cols-2 items-start gap-3">
        <One {...props} field="minutes" label="Observe each, minutes" />
        <One {...props} field="requests" label="Requests of each version, at least" />
      </div>
      <fieldset className="grid gap-2">
        <legend className="mb-1 text-sm text-muted">
          Roll back when it is surely worse than what is live by more than this; empty is not watched.
        </legend>
        <div className="grid grid-cols-2 items-start gap-3">
          <One {...props} field="cost" label="Cost per request, + %" />
          <One {...props} field="latency" label="Latency p95, + %" />
          <One {...props} field="errors" label="Errors, + points" />
          <One {...props} field="hits" label="Hit rate, − points" />
        </div>
      </fieldset>
    </div>
  )
}

function One({ draft, errors, onChange, field, label }: Props & { field: GuardField; label: string }) {
  return (
    <Field label={label} error={errors.get(field) ?? null}>
      <Input
        inputMode="decimal"
        value={draft[field]}
        onChange={(event) => onChange({ ...draft, [field]: event.target.value })}
      />
    </Field>
  )
}
