'use client'

import { Sourced, type Source } from '@/components/feedback/source-note'
import { minus as minusSign } from '@/components/format/figure'
import { money, moneyExact } from '@/components/format/money'
import type { SavingsReport } from '@/server/services/usage/savings/savings-report'
import { RedisPrice } from './redis-price'
import { useSavings } from './savings-params'
import type { savingsSources } from './sources'

/** From gross to net, line by line; what is not known says why. Drawn from floats, written from exact decimals. */
export function Waterfall({ report, sources }: { report: SavingsReport; sources: ReturnType<typeof savingsSources> }) {
  const { totals, rewarming, memory, netUsd } = report
  const { input } = useSavings()
  /** Of a part nobody knows the memory, so that a price would change nothing. */
  const priced = [input.tenant, input.namespace, input.prompt].every((chosen) => chosen === null)
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
    <dl
      aria-label="From gross to net"
      className="grid grid-cols-[auto_minmax(2rem,1fr)_auto] gap-x-3 gap-y-1.5 border-t border-line px-3.5 py-3"
    >
      {rows.map(({ label, usd, missing, from, to, source, minus }) => (
        <div key={label} className="col-span-3 grid grid-cols-subgrid items-center">
          <dt className="max-w-24 text-sm text-muted sm:max-w-none">
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
          <dd className="flex max-w-36 flex-wrap items-center justify-end gap-x-2 text-right tabular-nums sm:max-w-none">
            {usd === null ? (
              <span className="max-w-72 text-sm text-muted">{missing}</span>
            ) : (
              <span title={moneyExact(usd)}>
                {minus && minusSign}
                {money(usd)}
              </span>
            )}
            {label.startsWith('Redis') && priced && <RedisPrice usdPerGibMonth={memory.usdPerGibMonth} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}
