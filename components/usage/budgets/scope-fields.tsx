import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { type BudgetDraft, kinds } from './budget-draft'

const labels = { all: 'All calls', user: 'One user', key: 'One key', model: 'One model', prompt: 'One prompt' }
const examples = { user: 'u-17', model: 'gpt-4o-mini, as reported', prompt: 'support-reply' }
const names = { user: 'User', model: 'Model', prompt: 'Prompt' }
const periods = { day: 'Day', week: 'Week', month: 'Month', rolling: 'Rolling' }
const optionsOf = (all: Record<string, string>) => Object.entries(all).map(([value, label]) => ({ value, label }))

type Props = {
  draft: BudgetDraft
  onChange: (change: Partial<BudgetDraft>) => void
  errorAt: (field: string) => string | undefined
}

/** Whose calls, and in which stretch of time: what cannot be changed later. */
export function ScopeFields({ draft, onChange, errorAt }: Props) {
  const { kind, period } = draft
  const keys = useQuery(useTRPC().settings.keys.list.queryOptions(undefined, { enabled: kind === 'key' }))
  const known = keys.data?.keys.filter(({ revokedAt }) => revokedAt === null) ?? []
  return (
    <>
      <Field label="Tenant (all where empty)" error={errorAt('tenant')}>
        <Input value={draft.tenant} onChange={({ target }) => onChange({ tenant: target.value })} spellCheck={false} />
      </Field>
      <Field label="Of">
        <Select
          value={kind}
          onValueChange={(value) => onChange({ kind: kinds.find((one) => one === value) ?? 'all', of: '' })}
          options={optionsOf(labels)}
        />
      </Field>
      {kind === 'key' && (
        <Field
          label="Key"
          error={errorAt('of') ?? keys.error?.message}
          hint="Every call is read for it: counted each five minutes."
        >
          <Select
            value={draft.of}
            onValueChange={(of) => onChange({ of })}
            placeholder="Choose a key"
            options={known.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Field>
      )}
      {kind !== 'all' && kind !== 'key' && (
        <Field label={names[kind]} error={errorAt('of')}>
          <Input
            value={draft.of}
            onChange={({ target }) => onChange({ of: target.value })}
            placeholder={examples[kind]}
            spellCheck={false}
          />
        </Field>
      )}
      <Field label="Per" hint={period === 'rolling' ? undefined : `On the clock of ${draft.timezone}`}>
        <Select
          value={period}
          onValueChange={(value) => onChange({ period: periodOf(value) })}
          options={optionsOf(periods)}
        />
      </Field>
      {period === 'rolling' && (
        <Field label="Days" error={errorAt('rollingDays')}>
          <Input
            value={draft.rollingDays}
            onChange={({ target }) => onChange({ rollingDays: target.value })}
            inputMode="numeric"
          />
        </Field>
      )}
    </>
  )
}

const periodOf = (value: string): BudgetDraft['period'] =>
  value === 'day' || value === 'week' || value === 'rolling' ? value : 'month'
