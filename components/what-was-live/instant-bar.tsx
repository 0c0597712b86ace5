'use client'

import { useNow } from '@/components/feedback/ticker'
import { TenantPicker } from '@/components/shell/tenant-picker'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Select } from '@/components/ui/select'
import type { LiveAnswer } from '@/server/services/prompts/what-was-live.schema'
import { InstantForm, SubjectForm } from './instant-forms'
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
        <InstantForm key={`${params.at} ${timezone}`} at={at} timezone={timezone} onGo={go} />
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
