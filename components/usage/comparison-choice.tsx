'use client'

import { useState, type FormEvent } from 'react'
import { fromLocalInput, toLocalInput } from '@/components/shell/zoned'
import { Button } from '@/components/ui/button'
import { Combobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { windowOf } from '@/server/services/scope.schema'
import type { UsageBreakdown } from '@/server/services/usage/usage-breakdown'
import { comparisons, useUsage } from './search-params'

const labels = {
  before: 'with the period before',
  week: 'with the same a week ago',
  range: 'with another period',
  prompt: 'two prompt versions',
  model: 'two models',
}

/** What is compared: the range with another one, or two of its parts; all of it in the address. */
export function ComparisonChoice({ parts }: { parts: UsageBreakdown | undefined }) {
  const { params, setParams } = useUsage()
  const vs = params.vs ?? 'before'
  const options = (parts?.groups ?? []).flatMap(({ key }) => (key ? [{ value: key, label: key }] : []))
  const side = (which: 'a' | 'b', label: string) => (
    <Combobox
      label={label}
      value={params[which]}
      onValueChange={(value) => void setParams({ [which]: value })}
      options={options}
      placeholder={label}
      emptyText="None in this range"
      className="max-w-64"
    />
  )
  return (
    <div className="flex flex-wrap items-end gap-2">
      <Select
        label="Compare with"
        prefix={<span className="text-muted">Compare</span>}
        value={vs}
        onValueChange={(value) =>
          void setParams({ vs: comparisons.find((one) => one === value) ?? null, a: null, b: null })
        }
        options={comparisons.map((value) => ({ value, label: labels[value] }))}
      />
      {vs === 'range' && <OtherRange key={`${params.vsFrom} ${params.vsTo}`} />}
      {(vs === 'prompt' || vs === 'model') && (
        <>
          {side('a', 'First')}
          {side('b', 'Second')}
        </>
      )}
    </div>
  )
}

function OtherRange() {
  const { params, scope, setParams } = useUsage()
  const shown = windowOf(scope)
  const length = shown.to.getTime() - shown.from.getTime()
  const initial = (at: string | null, otherwise: number) =>
    toLocalInput(at ?? new Date(otherwise).toISOString(), scope.timezone)
  const [from, setFrom] = useState(initial(params.vsFrom, shown.from.getTime() - length))
  const [to, setTo] = useState(initial(params.vsTo, shown.from.getTime()))
  const [error, setError] = useState<string | null>(null)
  const apply = (event: FormEvent) => {
    event.preventDefault()
    const [start, end] = [fromLocalInput(from, scope.timezone), fromLocalInput(to, scope.timezone)]
    if (!start || !end) return setError('Give both times.')
    if (start >= end) return setError('The end must be after the start.')
    void setParams({ vsFrom: start, vsTo: end })
  }
  return (
    <form className="flex flex-wrap items-end gap-2" onSubmit={apply}>
      <Field label="From">
        <Input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label="To" error={error}>
        <Input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
      </Field>
      <Button type="submit" size="md">
        Compare
      </Button>
    </form>
  )
}
