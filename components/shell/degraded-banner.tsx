'use client'

import { TriangleAlert } from 'lucide-react'
import { Age } from '@/components/feedback/age'
import { usePulse } from './pulse'

const consequences = {
  Redis:
    'Prompts are served from Postgres, answers are not cached, live sessions cannot be reached. Everything recovers by itself once Redis is back.',
  Postgres:
    'Prompts that Redis knows are still served. Changes and usage reports are refused until Postgres is back; figures still shown are from before.',
}

/** Which store is down, since when, and what still works; nothing while both answer. */
export function DegradedBanner() {
  const { pulse } = usePulse()
  if (!pulse) return null
  const down = [
    { name: 'Redis' as const, ...pulse.redis },
    { name: 'Postgres' as const, ...pulse.postgres },
  ].filter((store) => !store.up)
  return (
    <div role="status">
      {down.map(({ name, downSince }) => (
        <p key={name} className="flex gap-2 border-b border-line bg-warn-soft px-4 py-2 md:px-6">
          <TriangleAlert aria-hidden className="mt-0.75 size-3.5 shrink-0 text-warn-ink" />
          <span>
            <b className="font-medium">{name} does not answer</b>
            {downSince && (
              <>
                {' '}
                (stopped <Age at={downSince} />)
              </>
            )}
            . <span className="text-muted">{consequences[name]}</span>
          </span>
        </p>
      ))}
    </div>
  )
}
