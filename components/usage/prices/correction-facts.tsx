import { count } from '@/components/format/count'
import { dayTime, zoneLabel } from '@/components/format/instant'
import { money, moneyExact } from '@/components/format/money'
import { Stat, Stats } from '@/components/ui/stat'
import type { ShownCorrection } from '@/server/services/usage/prices/read-correction'
import { DifferenceCell } from './difference-cell'
import { usePrices } from './prices-params'

/** The totals of a correction, of what and by whom, and what an operator should not overlook. */
export function CorrectionFacts({ correction }: { correction: ShownCorrection }) {
  const { timezone } = usePrices().scope
  const { state, differences, from, to, tenants, models, reason, requestedBy, appliedBy, scanned } = correction
  const { total } = differences
  const now = correction.requestedAt
  const stretch = `${dayTime(from, timezone, now)} to ${dayTime(to, timezone, now)} ${zoneLabel(from, timezone)}`
  const whose = tenants?.join(', ') ?? 'all tenants'
  const which = models?.map(({ provider, model }) => `${provider}/${model}`).join(', ') ?? 'all models'
  return (
    <>
      <p className="text-sm text-muted">
        {`${stretch}, ${whose}, ${which}. ${reason}. Asked for by ${requestedBy}${appliedBy ? `, applied by ${appliedBy}` : ''}.`}
      </p>
      <Stats className="rounded-md border border-line">
        <Stat
          label={state === 'applied' ? 'Changed' : 'Would change'}
          value={count(total.requests)}
          remark={`of ${count(scanned)} looked at`}
        />
        <Stat
          label="Before"
          value={<span title={moneyExact(total.before)}>{money(total.before)}</span>}
          remark={total.newlyPriced > 0 && `${count(total.newlyPriced)} were unpriced`}
        />
        <Stat label="After" value={<span title={moneyExact(total.after)}>{money(total.after)}</span>} />
        <Stat label="Difference" value={<DifferenceCell usd={total.difference} />} />
      </Stats>
      {total.newlyUnpriced > 0 && (
        <p className="rounded-md bg-warn-soft px-2.5 py-1.5 text-sm">
          <b className="font-medium">{count(total.newlyUnpriced)} requests lose their price:</b> none is known for them
          any more.
        </p>
      )}
      {state === 'previewed' && total.requests === 0 && (
        <p>Each of these calls costs what it would cost today. There is nothing to change.</p>
      )}
    </>
  )
}
