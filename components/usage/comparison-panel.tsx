'use client'

import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { dayTime } from '@/components/format/instant'
import { usageSource } from '@/components/overview/sources'
import { cn } from '@/components/ui/cn'
import type { UsageComparison } from '@/server/services/usage/compare-usage'
import { errorText } from './latency-error'
import { prepareComparison } from './prepare-comparison'
import { useUsage } from './search-params'

const cell = 'border-t border-line px-2 py-1.5 text-right tabular-nums first:pl-3.5 last:pr-3.5 sm:px-3.5'

/** Both sides figure by figure, their difference, and how many calls stand behind each. */
export function ComparisonPanel({ compared, state }: { compared: UsageComparison | undefined; state: PanelState }) {
  const { params, scope } = useUsage()
  const within = params.vs === 'prompt' || params.vs === 'model'
  const stretch = ({ from, to }: { from: string; to: string }) =>
    compared ? `${dayTime(from, scope.timezone, compared.asOf)} to ${dayTime(to, scope.timezone, compared.asOf)}` : ''
  const exact = compared && compared.was.figures.latencyMs.exact && compared.is.figures.latencyMs.exact
  const names = compared && (within ? [params.a ?? '', params.b ?? ''] : [stretch(compared.was), stretch(compared.is)])
  return (
    <Panel
      title="Side by side"
      memory="postgres"
      note={compared && (within ? stretch(compared.is) : 'the same filters on both sides')}
      source={
        compared &&
        usageSource(
          { window: stretch(compared.is), asOf: compared.asOf },
          `Exact sums; latencies by nearest rank${exact ? '' : `, ${errorText} where they come from usage_hourly_latencies`}. Differences are of the figures as they are: with few calls, chance makes some.`,
        )
      }
      state={state}
      minHeight={420}
      className="overflow-hidden"
    >
      {compared && names && (
        <div role="region" aria-label="Side by side" tabIndex={0} className="overflow-x-auto -outline-offset-2">
          <table className="w-full">
            <caption className="sr-only">Side by side</caption>
            <thead className="text-sm text-faint">
              <tr>
                <th scope="col" className="sr-only">
                  Figure
                </th>
                {[...names, 'difference'].map((name, index) => (
                  <th key={index} scope="col" className={cn(cell, 'border-t-0 font-normal')}>
                    {name}
                  </th>
                ))}
                <th scope="col" className={cn(cell, 'border-t-0 font-normal max-sm:hidden')}>
                  n
                </th>
              </tr>
            </thead>
            <tbody>
              {prepareComparison(compared.was.figures, compared.is.figures).map((row) => (
                <tr key={row.label}>
                  <th scope="row" className={cn(cell, 'text-left font-normal text-muted')}>
                    {row.label}
                  </th>
                  <td className={cell}>{row.was}</td>
                  <td className={cell}>{row.is}</td>
                  <td className={cn(cell, 'whitespace-nowrap')}>{row.change}</td>
                  <td className={cn(cell, 'text-sm whitespace-nowrap text-faint max-sm:hidden')}>
                    {count(row.n[0])} · {count(row.n[1])} {row.of}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
