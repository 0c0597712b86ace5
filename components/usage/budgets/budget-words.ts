import { dayMonth, dayTime } from '@/components/format/instant'
import { moneyApprox } from '@/components/format/money'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'

type Scope = Pick<ListedBudget, 'tenant' | 'user' | 'key' | 'keyName' | 'model' | 'prompt'>

/** "user u-17 of acme", "all calls". */
export function scopeText({ tenant, user, key, keyName, model, prompt }: Scope): string {
  const of = tenant === null ? '' : ` of ${tenant}`
  if (user !== null) return `user ${user}${of}`
  if (key !== null) return `key ${keyName ?? key}${of}`
  if (model !== null) return `model ${model}${of}`
  if (prompt !== null) return `prompt ${prompt}${of}`
  return tenant ?? 'all calls'
}

export const periodText = ({
  period,
  rollingDays,
  timezone,
}: Pick<ListedBudget, 'period' | 'rollingDays' | 'timezone'>) =>
  period === 'rolling' ? `last ${rollingDays} days` : `per ${period}, ${timezone}`

/** An instant as precisely as the period deserves: the time where it is a day, else the day. */
export const whenText = (at: string, { period, timezone }: Pick<ListedBudget, 'period' | 'timezone'>, now: string) =>
  period === 'day' ? dayTime(at, timezone, now) : dayMonth(at, timezone)

export type Told = { text: string; detail: string; tone: 'ok' | 'warn' | 'bad' | 'neutral' }

/** When a budget will be used up, and how sure that is. */
export function forecastText(budget: ListedBudget, asOf: string): Told {
  const { forecast, period } = budget
  const unit = period === 'day' ? 'hours' : 'days'
  if (forecast.kind === 'used-up') return { text: 'used up', detail: '', tone: 'bad' }
  if (forecast.kind === 'not-enough') {
    const detail = `${forecast.have} of ${forecast.need} whole ${unit} with usage`
    return { text: 'not enough data yet', detail, tone: 'neutral' }
  }
  const { low, likely, high } = forecast.exhaustedAt
  const when = (at: string) => whenText(at, budget, asOf)
  const end = period === 'rolling' ? `in ${budget.rollingDays} days` : 'at the end'
  const [least, most] = [moneyApprox(forecast.endUsd.low), moneyApprox(forecast.endUsd.high)]
  const sum = `about ${moneyApprox(forecast.endUsd.likely)} ${end}${least === most ? '' : `, ${least} to ${most}`}`
  if (likely === null)
    return {
      text: high === null ? 'lasts' : `may be used up from ${when(high)} on`,
      detail: sum,
      tone: high === null ? 'ok' : 'warn',
    }
  const range =
    low === null ? `${when(high ?? likely)} at the earliest, or it lasts` : `${when(high ?? likely)} to ${when(low)}`
  return { text: `about ${when(likely)}`, detail: range, tone: 'warn' }
}

type Alert = ListedBudget['alerts'][number]

export const alertText = (alert: Alert, budget: ListedBudget, asOf: string) =>
  alert.kind === 'threshold'
    ? `${alert.threshold} % reached`
    : `foreseen to be used up ${alert.exhaustedAt ? whenText(alert.exhaustedAt, budget, asOf) : ''}`
