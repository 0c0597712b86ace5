'use client'

import { dayTime, fullStamp } from '@/components/format/instant'
import { weightText } from '@/components/format/served'
import { useOperator } from '@/components/shell/operator'
import { useTimezone } from '@/components/shell/timezone'
import { Bar } from '@/components/ui/bar'
import { Button } from '@/components/ui/button'
import { Card, CardFooter, CardHeader } from '@/components/ui/card'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { rolloutOn } from './deployed-on'
import type { OpenDialog } from './prompt-view'

/** The rollout that runs on the channel: who gets what, since when, and the ways on and back. */
export function RolloutCard({
  page,
  onShow,
  onDialog,
}: {
  page: PromptPage
  onShow: (version: number) => void
  onDialog: (dialog: OpenDialog) => void
}) {
  const rollout = rolloutOn(page)
  const mayChange = useOperator().role !== 'viewer'
  if (!rollout) return null
  const { base, arms, newest } = rollout
  return (
    <Card aria-label="Rollout" data-memory="postgres">
      <CardHeader title="Rollout" note={<Begun page={page} />} />
      <ul className="px-3.5 pb-1">
        {arms.map(({ version, weight }) => (
          <li key={version} className="grid grid-cols-[2.25rem_minmax(0,1fr)_3.5rem] items-center gap-2 py-1">
            <b className="font-semibold">v{version}</b>
            <Bar share={weight / 100} memory="postgres" />
            <span className="text-right">{weightText(weight)}</span>
          </li>
        ))}
      </ul>
      <p className="px-3.5 pb-3 text-sm text-muted">
        Of all subjects. Requests that name none get v{base}
        {page.rolloutBegun ? `. Begun by ${page.rolloutBegun.by}.` : '.'}
      </p>
      {mayChange && (
        <CardFooter>
          <Button aria-label="Change shares" onClick={() => onDialog('shares')}>
            Change
          </Button>
          <Button
            onClick={() => {
              onShow(newest)
              onDialog('activate')
            }}
          >
            Activate v{newest}
          </Button>
          <Button onClick={() => onDialog('rollback')}>Roll back</Button>
        </CardFooter>
      )}
    </Card>
  )
}

function Begun({ page: { rolloutBegun, asOf } }: { page: PromptPage }) {
  const timezone = useTimezone()
  if (!rolloutBegun) return 'since before the newest 200 changes'
  return (
    <time dateTime={rolloutBegun.at} title={fullStamp(rolloutBegun.at, timezone)}>
      since {dayTime(rolloutBegun.at, timezone, asOf)}
    </time>
  )
}
