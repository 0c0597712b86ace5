'use client'

import { useQuery } from '@tanstack/react-query'
import { MissingCell } from '@/components/data-table/cells'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { clockSeconds, clockTime, dayTime } from '@/components/format/instant'
import { useTimezone } from '@/components/shell/timezone'
import { useTRPC } from '@/components/shell/trpc'
import { cn } from '@/components/ui/cn'
import type { Impact } from '@/server/services/prompts/activation-impact'
import { LEAST_REQUESTS, prepareImpact } from './prepare-impact'

const cell = 'px-2 py-1 text-right first:pl-3.5 last:pr-3.5 sm:px-3.5'

/** J1: what an activation changed, measured over stretches of the same length before and after it. */
export function ImpactCard({ name, channel, revision }: { name: string; channel: string; revision: number | null }) {
  const query = useQuery(useTRPC().prompts.impact.queryOptions({ name, channel, revision }))
  const timezone = useTimezone()
  const impact = query.data
  return (
    <Panel
      title="Before and after"
      memory="postgres"
      state={panelState(query, 'what the activation changed', {
        empty: impact === null && {
          title: 'Nothing was activated yet',
          hint: 'Once a version is live, its requests, cost, latency and errors stand here against the version before.',
        },
      })}
      source={
        impact
          ? {
              stores: ['postgres'],
              from: 'llm_usage by prompt and version',
              window: 'the same stretch before and after',
              asOf: impact.asOf,
              precision: 'exact',
              detail: `± is a 95 % interval; no difference is drawn from fewer than ${LEAST_REQUESTS} requests on either side. Latency is of model calls only.`,
            }
          : undefined
      }
      note={impact ? windowText(impact, timezone) : undefined}
      minHeight={216}
      className="overflow-hidden"
    >
      {impact && <ImpactTable impact={impact} />}
    </Panel>
  )
}

const SHORT_MS = 10 * 60_000

/** "13:22 to 14:02 · 14:02 to 14:42", with seconds where minutes would say too little. */
function windowText({ from, at, to, asOf }: Impact, timezone: string) {
  const short = Date.parse(to) - Date.parse(at) < SHORT_MS
  const clock = (instant: string) => (short ? clockSeconds : clockTime)(instant, timezone)
  const start = short ? clock(from) : dayTime(from, timezone, asOf)
  return `${start} to ${clock(at)} · ${clock(at)} to ${clock(to)}`
}

function ImpactTable({ impact: { before, after, version, previousVersion } }: { impact: Impact }) {
  const rows = prepareImpact(before, after)
  return (
    <div role="region" aria-label="Before and after" tabIndex={0} className="overflow-x-auto -outline-offset-2">
      <table className="w-full">
        <thead className="text-sm text-faint">
          <tr>
            <th scope="col" className="sr-only">
              Figure
            </th>
            <th scope="col" className={cn(cell, 'font-normal')}>
              {previousVersion === null ? 'before' : `v${previousVersion}`}
            </th>
            <th scope="col" className={cn(cell, 'font-normal')}>
              v{version}
            </th>
            <th scope="col" className={cn(cell, 'font-normal')}>
              change
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, label, before: was, after: is, change, worse, n }) => (
            <tr key={key} className="[&>*]:border-t [&>*]:border-line">
              <th scope="row" className={cn(cell, 'text-left font-normal text-muted')}>
                {label}
              </th>
              <td className={cell}>
                <Measured text={was} n={n[0]} plain={key === 'requests'} />
              </td>
              <td className={cell}>
                <Measured text={is} n={n[1]} plain={key === 'requests'} />
              </td>
              <td className={cn(cell, worse ? 'text-bad' : Math.min(...n) < LEAST_REQUESTS && 'text-muted')}>
                {change}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {previousVersion === null && (
        <p className="border-t border-line px-3.5 py-1.5 text-sm text-muted">Nothing was live before v{version}.</p>
      )}
    </div>
  )
}

function Measured({ text, n, plain }: { text: string; n: number; plain: boolean }) {
  if (text === '–') return <MissingCell why="no such requests in this stretch" />
  return (
    <>
      {text}
      {!plain && <span className="ml-1.5 text-xs whitespace-nowrap text-faint max-sm:block">n {count(n)}</span>}
    </>
  )
}
