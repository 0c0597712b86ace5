import { useState } from 'react'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { KeyChanges } from './use-key-changes'

const units = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof units
const unitNames: Record<Unit, string> = { s: 'seconds', min: 'minutes', h: 'hours', d: 'days' }
const isUnit = (text: string): text is Unit => text in units
const MOST_MS = 100 * 365 * units.d

/** Sets how long a key lives from now on, or lets it stay. */
export function ExpireDialog({
  expiresAt,
  changes,
  onClose,
}: {
  expiresAt: number | null
  changes: KeyChanges
  onClose: () => void
}) {
  const [mode, setMode] = useState<'after' | 'never'>('after')
  const [amount, setAmount] = useState('1')
  const [unit, setUnit] = useState<Unit>('h')
  const ms = Number(amount) * units[unit]
  const wrong = mode === 'after' && !(ms >= 1_000 && ms <= MOST_MS)
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Time to live"
      description="Counted from now. It is set only if nobody set another one since you read it."
      confirmLabel="Set"
      ready={!wrong && (mode === 'after' || expiresAt !== null)}
      pending={changes.expire.isPending}
      error={changes.expire.error?.message}
      onConfirm={() =>
        changes.expire.run({ before: expiresAt, after: mode === 'never' ? null : Date.now() + Math.round(ms) }, onClose)
      }
    >
      <Field label="The key">
        <Select
          value={mode}
          onValueChange={(value) => setMode(value === 'never' ? 'never' : 'after')}
          options={[
            { value: 'after', label: 'expires' },
            { value: 'never', label: 'stays until somebody deletes it' },
          ]}
        />
      </Field>
      {mode === 'after' && (
        <div className="grid grid-cols-2 gap-3">
          <Field label="After" error={wrong ? 'From 1 second to 100 years.' : null}>
            <Input inputMode="decimal" value={amount} onChange={({ target }) => setAmount(target.value)} />
          </Field>
          <Field label="Unit">
            <Select
              value={unit}
              onValueChange={(value) => isUnit(value) && setUnit(value)}
              options={Object.entries(unitNames).map(([value, label]) => ({ value, label }))}
            />
          </Field>
        </div>
      )}
    </ConfirmDialog>
  )
}
