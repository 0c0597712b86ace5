'use client'

import type { ReactNode } from 'react'
import { clockTime, fullStamp } from '@/components/format/instant'
import { durationText } from '@/components/format/duration'
import { servedText } from '@/components/format/served'
import { useTimezone } from '@/components/shell/timezone'
import { Card, CardHeader } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import type { PageActivation } from '@/server/services/prompts/prompt-page'

const withMilliseconds = (at: string, timezone: string) =>
  `${clockTime(at, timezone)}:${new Date(at).getUTCSeconds().toString().padStart(2, '0')}.${at.slice(20, 23)}`

/** When each memory knew of an activation: committed is Postgres' word, applied is Redis'. */
export function ActivationCard({ activation }: { activation: PageActivation }) {
  const timezone = useTimezone()
  const { at, appliedAt, revision, by, reason } = activation
  const appliedMs = appliedAt === null ? null : Date.parse(appliedAt) - Date.parse(at)
  return (
    <Card aria-label="Activation">
      <CardHeader title={titleOf(activation)} note={`revision ${revision}`} />
      <ol className="grid grid-cols-2 gap-0.5 px-3.5 pt-1 pb-2">
        <Step name="Committed" done>
          Postgres, <time title={fullStamp(at, timezone)}>{withMilliseconds(at, timezone)}</time>
        </Step>
        <Step name="Applied" done={appliedMs !== null}>
          {appliedMs === null ? 'waiting for Redis; repeated until it answers' : `Redis, +${durationText(appliedMs)}`}
        </Step>
      </ol>
      <p className="px-3.5 pb-3 text-sm text-muted wrap-anywhere">
        By {by}
        {reason ? `: ${reason}` : ', without a reason.'}
      </p>
    </Card>
  )
}

function titleOf(activation: PageActivation): string {
  const { kind, version } = activation
  if (kind === 'rollout') return `Rollout: ${servedText(activation)}`
  return kind === 'rollback' ? `Rolled back to v${version}` : `v${version} activated`
}

function Step({ name, done, children }: { name: string; done: boolean; children: ReactNode }) {
  return (
    <li className={cn('border-t-3 pt-1.5 text-sm text-muted', done ? 'border-ok' : 'border-warn')}>
      <b className="block font-medium text-text">{name}</b>
      {children}
    </li>
  )
}
