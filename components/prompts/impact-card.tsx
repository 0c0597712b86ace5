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
import { prepareImpact, type ImpactRow } from './prepare-impact'

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
              window:
                impact.kind === 'rollout' ? 'the same stretch for both versions' : 'the same stretch before and after',
              asOf: impact.asOf,
              precision: 'exact',
              detail:
                'In parentheses the 95 % interval of each change; where it holds no change at all, none is claimed. Latency is of model calls only. The change of requests takes them to come independently.',
            }
          : undefined
      }
      note={impact ? windowText(impact, timezone) : undefined}
      minHeight={245}
      className="overflow-hidden"
    >
      {impact && <ImpactTable impact={impact} />}
    </Panel>
  )
}

const SHORT_MS = 10 * 60_000

/** "13:22 to 14:02 · 14:02 to 14:42", with seconds where minutes would say too little; one stretch where both are served. */
function windowText({ was, is, kind, asOf }: Impact, timezone: string) {
  const short = Date.parse(is.to) - Date.parse(is.from) < SHORT_MS
  const clock = (instant: string) => (short ? clockSeconds : clockTime)(instant, timezone)
  const start = short ? clock(was.from) : dayTime(was.from, timezone, asOf)
  const first = `${start} to ${clock(was.to)}`
  return kind === 'rollout' ? `${first}, both served` : `${first} · ${clock(is.from)} to ${clock(is.to)}`
}

function ImpactTable({ impact }: { impact: Impact }) {
  const { base, version } = impact
  return (
    <div role="region" aria-label="Before and after" tabIndex={0} className="overflow-x-auto -outline-offset-2">
      <table className="w-full">
        <thead className="text-sm text-faint">
          <tr>
            <th scope="col" className="sr-only">
              Figure
            </th>
            <th scope="col" className={cn(cell, 'font-normal')}>
              {base === null ? 'before' : `v${base}`}
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
          {prepareImpact(impact).map((row) => (
            <Row key={row.key} row={row} />
          ))}
        </tbody>
      </table>
      {base === null && (
        <p className="border-t border-line px-3.5 py-1.5 text-sm text-muted">Nothing was live before v{version}.</p>
      )}
    </div>
  )
}

function Row({ row: { key, label, before, after, change, interval, tone, n } }: { row: ImpactRow }) {
  const plain = key === 'requests'
  return (
    <tr className="[&>*]:border-t [&>*]:border-line">
      <th scope="row" className={cn(cell, 'text-left font-normal whitespace-nowrap text-muted')}>
        {label}
      </th>
      <td className={cell}>
        <Measured text={before} n={n[0]} plain={plain} />
      </td>
      <td className={cell}>
        <Measured text={after} n={n[1]} plain={plain} />
      </td>
      <td
        className={cn(cell, 'sm:whitespace-nowrap', tone === 'worse' && 'text-bad', tone === 'unsure' && 'text-muted')}
      >
        {change}
        {interval && <span className="ml-1.5 text-xs whitespace-nowrap text-faint max-sm:block">({interval})</span>}
      </td>
    </tr>
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
