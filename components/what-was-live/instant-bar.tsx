'use client'

import { useState, type FormEvent } from 'react'
import { useNow } from '@/components/feedback/ticker'
import { clockSeconds, isoDay, zoneLabel } from '@/components/format/instant'
import { TenantPicker } from '@/components/shell/tenant-picker'
import { fromLocalInput } from '@/components/shell/zoned'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { LiveAnswer } from '@/server/services/prompts/what-was-live.schema'
import { useLive } from './live-params'
import { stamp } from './prepare-live'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The instant that is looked at, and the steps away from it; the channel, the tenant and the subject it is asked for. */
export function InstantBar({ answer }: { answer: LiveAnswer | undefined }) {
  const { params, setParams, wrong, timezone } = useLive()
  const clock = useNow()
  // What is asked, not what is shown still: steps in quick succession add up.
  const at = (wrong === null ? params.at : null) ?? answer?.at ?? null
  const go = (next: string | null) => void setParams({ at: next })
  const step = (label: string, ms: number) => {
    const next = at === null ? null : Date.parse(at) + ms
    const ahead = next !== null && clock !== null && next > clock
    return (
      <Button
        size="md"
        className="px-2.5"
        disabled={next === null || ahead}
        onClick={() => next !== null && go(new Date(next).toISOString())}
      >
        {label}
      </Button>
    )
  }
  const channels = [...new Set(['production', params.channel, ...(answer?.channels ?? [])])]
  return (
    <Card aria-label="Which instant" className="grid gap-2 p-3.5">
      <div className="flex flex-wrap items-center gap-2">
        {step('−1 h', -HOUR_MS)}
        {step('−1 min', -MINUTE_MS)}
        <InstantForm key={`${at} ${timezone}`} at={at} timezone={timezone} onGo={go} />
        {step('+1 min', MINUTE_MS)}
        {step('+1 h', HOUR_MS)}
        <Button size="md" aria-pressed={params.at === null} onClick={() => go(null)} className="aria-pressed:bg-sunken">
          Now
        </Button>
        <div className="flex flex-wrap items-center gap-2 lg:ml-auto">
          <Select
            label="Channel"
            value={params.channel}
            onValueChange={(channel) => void setParams({ channel })}
            options={channels.map((channel) => ({ value: channel, label: channel }))}
          />
          <TenantPicker />
          <SubjectForm
            key={params.subject}
            subject={params.subject ?? ''}
            onSubject={(subject) => void setParams({ subject: subject || null })}
          />
        </div>
      </div>
      {answer && <Moves answer={answer} timezone={timezone} onGo={go} />}
    </Card>
  )
}

type Go = (at: string) => void

/** On the clock of the console's time zone. */
function InstantForm({ at, timezone, onGo }: { at: string | null; timezone: string; onGo: Go }) {
  const [text, setText] = useState(at === null ? '' : `${isoDay(at, timezone)}T${clockSeconds(at, timezone)}`)
  const chosen = fromLocalInput(text, timezone)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen) onGo(chosen)
  }
  return (
    <form onSubmit={submit} className="flex items-center gap-2">
      <Input
        type="datetime-local"
        step={1}
        aria-label={`Instant, ${zoneLabel(chosen ?? at ?? 0, timezone)}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="w-52"
      />
      <span className="text-sm text-faint">{zoneLabel(chosen ?? at ?? 0, timezone)}</span>
      <Button type="submit" size="md" disabled={chosen === null}>
        Show
      </Button>
    </form>
  )
}

function SubjectForm({ subject, onSubject }: { subject: string; onSubject: (subject: string) => void }) {
  const [text, setText] = useState(subject)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubject(text.trim())
  }
  return (
    <form onSubmit={submit}>
      <Input
        aria-label="Subject of a rollout"
        placeholder="Subject, as u-17"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => text.trim() !== subject && onSubject(text.trim())}
        className="w-40"
      />
    </form>
  )
}

/** From activation to activation: the instants at which something changed. */
function Moves({ answer: { at, channel, moves }, timezone, onGo }: { answer: LiveAnswer; timezone: string; onGo: Go }) {
  const move = (when: string | null, text: string) =>
    when === null ? null : (
      <Button variant="ghost" className="-mx-2.5 text-sm" onClick={() => onGo(when)}>
        {text} {stamp(when, timezone, at)}
      </Button>
    )
  if (moves.before === null && moves.after === null) return null
  return (
    <p className="flex flex-wrap items-center gap-x-6 text-sm text-muted">
      {move(moves.before, '← Activation before,')}
      {move(moves.after, 'Next activation →') ?? <span>No activation on {channel} since.</span>}
    </p>
  )
}
