import { fromLocalInput, toLocalInput } from '@/components/shell/zoned'
import type { ListedOverride } from '@/server/services/usage/prices/list-prices'
import { AddOverride } from '@/server/services/usage/prices/prices.schema'
import type { OverrideStart } from './opened'
import { type TokenClass, tokenClasses } from './rate-text'

type Prices = Record<TokenClass, string>
/** The form as it is typed; times on the clock of the console's zone. */
export type OverrideDraft = Prices & {
  tenant: string
  provider: string
  model: string
  request: string
  from: string
  to: string
  reason: string
  /** A second price for long requests; without `above` there is none. */
  above: string
  long: Prices
}

const noPrices: Prices = { input: '', output: '', cacheRead: '', cacheWrite: '' }

export function overrideDraft(
  { tenant, provider = '', model = '', from, replaces }: OverrideStart,
  timezone: string,
): OverrideDraft {
  return {
    tenant: tenant ?? '',
    provider,
    model,
    ...(replaces ? pricesOf(replaces, false) : noPrices),
    request: replaces?.rates.request ?? '',
    from: toLocalInput(from, timezone),
    to: replaces?.effectiveTo ? toLocalInput(replaces.effectiveTo, timezone) : '',
    reason: '',
    above: String(tierOf(replaces)?.start ?? ''),
    long: replaces ? pricesOf(replaces, true) : noPrices,
  }
}

const tierOf = (override: ListedOverride | undefined) =>
  override && tokenClasses.flatMap((of) => override.rates[of]?.tiers ?? [])[0]

function pricesOf({ rates }: ListedOverride, long: boolean): Prices {
  const price = (of: TokenClass) => (long ? rates[of]?.tiers[0]?.price : rates[of]?.base) ?? ''
  return {
    input: price('input'),
    output: price('output'),
    cacheRead: price('cacheRead'),
    cacheWrite: price('cacheWrite'),
  }
}

type Wrong = { field: string; message: string }

/** What is sent, or the first thing that is wrong, with its field. */
export function readOverride(draft: OverrideDraft, timezone: string, supersedes: number | null) {
  const from = fromLocalInput(draft.from, timezone)
  const to = draft.to === '' ? null : fromLocalInput(draft.to, timezone)
  if (from === null) return { wrong: { field: 'from', message: 'must be a day and a time' } satisfies Wrong }
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  const typed = (prices: Prices) => Object.fromEntries(tokenClasses.map((of) => [of, orNull(prices[of])]))
  const input = {
    tenant: orNull(draft.tenant),
    provider: draft.provider.trim(),
    model: draft.model.trim(),
    rates: {
      ...typed(draft),
      request: orNull(draft.request),
      tiers: draft.above.trim() === '' ? [] : [{ above: Number(draft.above), ...typed(draft.long) }],
    },
    from,
    to,
    reason: orNull(draft.reason),
    supersedes,
  }
  const issue = AddOverride.safeParse(input).error?.issues[0]
  if (issue) return { wrong: { field: issue.path.join('.'), message: issue.message } satisfies Wrong }
  return { input }
}
