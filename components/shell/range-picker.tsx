'use client'

import { ChevronDown } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useNow } from '@/components/feedback/ticker'
import { dayTime, zoneLabel } from '@/components/format/instant'
import { Button } from '@/components/ui/button'
import { Combobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { ranges, type Range, type Scope, windowOf } from '@/server/services/scope.schema'
import { useScope } from './search-params'
import { fromLocalInput, toLocalInput } from './zoned'

const rangeLabels: Record<Range, string> = {
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '14d': 'Last 14 days',
  '30d': 'Last 30 days',
  today: 'Today',
  month: 'This month',
}

function scopeLabel(scope: Scope, now: number): string {
  if (scope.range) return rangeLabels[scope.range]
  const { from, to } = windowOf(scope)
  return `${dayTime(from, scope.timezone, now)} to ${dayTime(to, scope.timezone, now)}`
}

/** The stretch of time that the page looks at, and the clock it is read on. */
export function RangePicker() {
  const { scope, setParams } = useScope()
  const [open, setOpen] = useState(false)
  const now = useNow() ?? Date.parse(scope.to ?? '2026-01-01T00:00:00Z')
  const label = scopeLabel(scope, now)
  const zone = zoneLabel(now, scope.timezone)
  const choose = (change: Parameters<typeof setParams>[0]) => {
    setOpen(false)
    void setParams(change)
  }
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button size="md" aria-label={`Time range: ${label}, ${zone}`} className="px-2.5">
          {label}
          <span className="text-faint" suppressHydrationWarning>
            {zone}
          </span>
          <ChevronDown aria-hidden className="text-faint" />
        </Button>
      </PopoverTrigger>
      <PopoverContent label="Time range" align="end" className="grid w-84 max-w-[92vw] gap-3 sm:grid-cols-[auto_1fr]">
        <div className="grid content-start gap-0.5">
          {ranges.map((range) => (
            <Button
              key={range}
              variant="ghost"
              aria-pressed={scope.range === range}
              className="justify-start aria-pressed:bg-sunken aria-pressed:text-text dark:aria-pressed:bg-line"
              onClick={() => choose({ range, from: null, to: null })}
            >
              {rangeLabels[range]}
            </Button>
          ))}
        </div>
        <FixedStretch key={`${scope.timezone} ${open}`} scope={scope} onChoose={choose} />
        <div className="border-t border-line pt-3 sm:col-span-2">
          <ZonePicker timezone={scope.timezone} onChoose={(tz) => void setParams({ tz })} />
        </div>
      </PopoverContent>
    </Popover>
  )
}

type Fixed = { range: null; from: string; to: string }

function FixedStretch({ scope, onChoose }: { scope: Scope; onChoose: (fixed: Fixed) => void }) {
  const shown = windowOf(scope)
  const [from, setFrom] = useState(toLocalInput(shown.from.toISOString(), scope.timezone))
  const [to, setTo] = useState(toLocalInput(shown.to.toISOString(), scope.timezone))
  const [error, setError] = useState<string | null>(null)
  const apply = (event: FormEvent) => {
    event.preventDefault()
    const [start, end] = [fromLocalInput(from, scope.timezone), fromLocalInput(to, scope.timezone)]
    if (!start || !end) return setError('Give both times.')
    if (start >= end) return setError('The end must be after the start.')
    onChoose({ range: null, from: start, to: end })
  }
  return (
    <form className="grid content-start gap-2" onSubmit={apply}>
      <Field label="From">
        <Input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label="To" error={error}>
        <Input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
      </Field>
      <Button type="submit" className="justify-self-start">
        Show
      </Button>
    </form>
  )
}

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')]

function ZonePicker({ timezone, onChoose }: { timezone: string; onChoose: (timezone: string) => void }) {
  return (
    <div className="flex items-center justify-between gap-2">
      <span className="text-sm text-muted">Time zone</span>
      <Combobox
        label="Time zone"
        value={timezone}
        onValueChange={onChoose}
        options={(zones.includes(timezone) ? zones : [timezone, ...zones]).map((name) => ({
          value: name,
          label: name,
        }))}
        searchPlaceholder="Search zones"
        className="max-w-56"
      />
    </div>
  )
}
