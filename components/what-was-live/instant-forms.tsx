'use client'

import { useState, type FormEvent } from 'react'
import { clockSeconds, isoDay, zoneLabel } from '@/components/format/instant'
import { fromLocalInput } from '@/components/shell/zoned'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'

/** On the clock of the console's time zone. What is being typed stays while the present moves on under it. */
export function InstantForm({
  at,
  timezone,
  onGo,
}: {
  at: string | null
  timezone: string
  onGo: (at: string) => void
}) {
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? (at === null ? '' : `${isoDay(at, timezone)}T${clockSeconds(at, timezone)}`)
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
        onChange={(event) => setTyped(event.target.value)}
        className="w-52"
      />
      <span className="text-sm text-faint">{zoneLabel(chosen ?? at ?? 0, timezone)}</span>
      <Button type="submit" size="md" disabled={chosen === null}>
        Show
      </Button>
    </form>
  )
}

/** Whose arm of a rollout is asked for. */
export function SubjectForm({ subject, onSubject }: { subject: string; onSubject: (subject: string) => void }) {
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
