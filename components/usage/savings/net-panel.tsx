'use client'

import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { Sourced, type Source } from '@/components/feedback/source-note'
import { count } from '@/components/format/count'
import { duration } from '@/components/format/duration'
import { missingFigure } from '@/components/format/figure'
import { money, moneyExact } from '@/components/format/money'
import { percent } from '@/components/format/percent'
import { Stat, Stats } from '@/components/ui/stat'
import type { SavingsReport } from '@/server/services/usage/savings/savings-report'
import { RedisPrice } from './redis-price'
import { useSavings } from './savings-params'
import { savingsSources } from './sources'

type Props = { report: SavingsReport | undefined; state: PanelState }

const words = { rewarming: 're-warming', memory: 'memory' }

/** From gross to net, line by line; a line that is not known says why and is left out of the net. */
export function NetPanel({ report, state }: Props) {
  return (
    <Panel title="What the answer cache saved" memory="postgres" edge state={state} minHeight={260}>
      {report && <Figures {...report} />}
    </Panel>
  )
}

function Figures(report: SavingsReport) {
  const { input } = useSavings()
  const { totals, rewarming, memory, netUsd, without, latency } = report
  const sources = savingsSources(input, report)
  const hits = totals.hits + totals.misses
  return (
    <>
      <Stats>
        <Stat
          label="Net"
          value={<FigureValue figure={{ value: money(netUsd), unit: '' }} source={sources.net} />}
          remark={without.length > 0 ? `without ${without.map((cost) => words[cost]).join(' and ')}` : 'at least'}
        />
        <Stat
          label="Hits"
          value={<FigureValue figure={{ value: count(totals.hits), unit: '' }} source={sources.gross} />}
          remark={`${count(totals.hitsWithoutCost)} without a known cost`}
        />
        <Stat
          label="Hit rate"
          value={
            <FigureValue
              figure={
                input.prompt === null
                  ? percent(hits === 0 ? null : totals.hits / hits)
                  : missingFigure('a miss does not say which prompt it would have been')
              }
              source={{
                ...sources.gross,
                from: 'cache_lookups',
                detail: 'hits ÷ (hits + misses), counted one by one.',
              }}
            />
          }
        />
        <Stat
          label="Waiting avoided, estimate"
          value={
            <FigureValue
              figure={
                latency === null
                  ? missingFigure('calls do not say which namespace they asked')
                  : latency.ms === null
                    ? missingFigure('no hit was reported with cached: true whose model also answered without the cache')
                    : duration(latency.ms)
              }
              source={sources.latency}
            />
          }
          remark={latency && latency.hitsBeside > 0 ? `${count(latency.hitsBeside)} hits not compared` : undefined}
        />
      </Stats>
      <Waterfall report={report} sources={sources} />
      {rewarming.more && (
        <p className="border-t border-line px-3.5 py-1.5 text-sm text-muted">
          Re-warming is of the newest 50 activations; the range has more.
        </p>
      )}
      {memory.cost.usd === null && input.tenant === null && input.namespace === null && input.prompt === null && (
        <p className="border-t border-line px-3.5 py-1.5 text-sm text-muted">
          The net is shown without memory: {memory.cost.missing}.
        </p>
      )}
    </>
  )
}

function Waterfall({ report, sources }: { report: SavingsReport; sources: ReturnType<typeof savingsSources> }) {
  const { totals, rewarming, memory, netUsd } = report
  const gross = Number(totals.savedUsd)
  const [warm, held, net] = [Number(rewarming.total.usd ?? 0), Number(memory.cost.usd ?? 0), Number(netUsd)]
  const floor = Math.min(0, net)
  const whole = Math.max(gross - floor, 1e-12)
  const rows: {
    label: string
    usd: string | null
    missing: string | null
    from: number
    to: number
    source: Source
    minus?: boolean
  }[] = [
    { label: 'Gross', usd: totals.savedUsd, missing: null, from: 0, to: gross, source: sources.gross },
    {
      label: 'Re-warming',
      usd: rewarming.total.usd,
      missing: rewarming.total.missing,
      from: gross - warm,
      to: gross,
      source: sources.rewarming,
      minus: true,
    },
    {
      label: 'Redis memory, at most',
      usd: memory.cost.usd,
      missing: memory.cost.missing,
      from: gross - warm - held,
      to: gross - warm,
      source: sources.memory,
      minus: true,
    },
    { label: 'Net', usd: netUsd, missing: null, from: Math.min(0, net), to: Math.max(0, net), source: sources.net },
  ]
  return (
    <dl aria-label="From gross to net" className="grid gap-1.5 border-t border-line px-3.5 py-3">
      {rows.map(({ label, usd, missing, from, to, source, minus }) => (
        <div key={label} className="grid grid-cols-[8.5rem_minmax(0,1fr)_auto] items-center gap-3">
          <dt className="text-sm text-muted">
            <Sourced source={source} className="text-left">
              {label}
            </Sourced>
          </dt>
          <dd className="relative h-3 rounded-sm bg-sunken" aria-hidden data-memory={minus ? 'redis' : 'postgres'}>
            {usd !== null && (
              <span
                className="absolute inset-y-0 rounded-sm bg-memory"
                style={{
                  left: `${((from - floor) / whole) * 100}%`,
                  width: `${((to - from) / whole) * 100}%`,
                  minWidth: to > from ? 2 : 0,
                }}
              />
            )}
          </dd>
          <dd className="flex min-w-24 items-center justify-end gap-2 text-right tabular-nums">
            {usd === null ? (
              <span className="max-w-56 text-sm text-muted">{missing}</span>
            ) : (
              <span title={moneyExact(usd)}>
                {minus && '−'}
                {money(usd)}
              </span>
            )}
            {label.startsWith('Redis') && <RedisPrice usdPerGibMonth={memory.usdPerGibMonth} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}
