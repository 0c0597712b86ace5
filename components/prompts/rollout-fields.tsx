'use client'

import { X } from 'lucide-react'
import { weightText } from '@/components/format/served'
import { Button } from '@/components/ui/button'
import { Combobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { type DraftArm, type prepareArms, presets } from './prepare-rollout'

const MOST_BESIDE = 9

/** The shares of the versions beside the base, which gets the rest. */
export function RolloutFields({
  base,
  draft,
  prepared,
  versions,
  onChange,
}: {
  base: number
  draft: DraftArm[]
  prepared: ReturnType<typeof prepareArms>
  /** Every version of the prompt, newest first. */
  versions: number[]
  onChange: (draft: DraftArm[]) => void
}) {
  const free = versions.filter((version) => version !== base && !draft.some((arm) => arm.version === version))
  return (
    <div className="grid gap-3">
      {draft.map((arm) => (
        <ArmField
          key={arm.version}
          arm={arm}
          error={prepared.errors.get(arm.version) ?? null}
          onShare={(percent) => onChange(draft.map((other) => (other === arm ? { ...arm, percent } : other)))}
          onRemove={draft.length > 1 ? () => onChange(draft.filter((other) => other !== arm)) : undefined}
        />
      ))}
      <p className="flex items-baseline justify-between">
        <span className="text-sm font-medium">Share of v{base}, the rest</span>
        <output aria-label={`Share of v${base}`}>{weightText(prepared.rest)}</output>
      </p>
      {free.length > 0 && draft.length < MOST_BESIDE && (
        <Combobox
          label="Add a version"
          value={null}
          placeholder="Add a version"
          onValueChange={(version) => onChange([...draft, { version: Number(version), percent: '' }])}
          options={free.map((version) => ({ value: String(version), label: `v${version}` }))}
          className="justify-self-start"
        />
      )}
    </div>
  )
}

function ArmField({
  arm: { version, percent },
  error,
  onShare,
  onRemove,
}: {
  arm: DraftArm
  error: string | null
  onShare: (percent: string) => void
  onRemove?: () => void
}) {
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <Field label={`Share of v${version}, percent`} error={error}>
          <Input inputMode="decimal" value={percent} onChange={(event) => onShare(event.target.value)} />
        </Field>
      </div>
      <div role="group" aria-label={`Usual shares of v${version}`} className="mt-5 flex gap-1">
        {presets.map((preset) => (
          <Button
            key={preset}
            size="md"
            aria-pressed={percent === String(preset)}
            onClick={() => onShare(String(preset))}
            className="px-2 aria-pressed:bg-sunken aria-pressed:font-semibold"
          >
            {preset}
          </Button>
        ))}
      </div>
      {onRemove && (
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Take v${version} out`}
          className="mt-5 -mr-1.5"
          onClick={onRemove}
        >
          <X aria-hidden />
        </Button>
      )}
    </div>
  )
}
