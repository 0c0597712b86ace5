import type { CallsOfPrompt, LatencyOfModel, ProviderCacheUse } from '@/db/postgres/queries/savings'
import { scaled, usdFromPico } from '@/server/services/usage/prices/pico-usd'

/** Money that is known, in 10^-12 US dollars, or why it is not (R12). */
export type Known = { pico: bigint; missing: null } | { pico: null; missing: string }

const GIB = 1_073_741_824n
/** 730 hours, as providers count them. */
const MONTH_MS = 730n * 3_600_000n

export const signedUsd = (pico: bigint): string => (pico < 0n ? `-${usdFromPico(-pico)}` : usdFromPico(pico))

/** Net = gross − re-warming − memory; what is not known is left out, and named in `without`. */
export function netOf(gross: bigint, costs: { rewarming: Known; memory: Known }) {
  const without = (['rewarming', 'memory'] as const).filter((cost) => costs[cost].pico === null)
  return { pico: gross - (costs.rewarming.pico ?? 0n) - (costs.memory.pico ?? 0n), without }
}

/**
 * What an activation made the models do again: misses after it beyond those that the miss rate before it foretells, at
 * what a miss after it cost on average. An estimate: an answer that had expired anyway looks the same. Never below 0.
 */
export function rewarmingOf(before: CallsOfPrompt, after: CallsOfPrompt): Known {
  if (before.calls === 0) return { pico: null, missing: 'no call of this prompt was reported before it' }
  if (before.misses === before.calls)
    return { pico: null, missing: 'no call before it was reported as answered by the cache (cached: true)' }
  const extra = BigInt(after.misses) * BigInt(before.calls) - BigInt(after.calls) * BigInt(before.misses)
  if (extra <= 0n) return { pico: 0n, missing: null }
  if (after.priced === 0) return { pico: null, missing: 'no call after it has a known price' }
  const cost = scaled(after.costUsd, 12) ?? 0n
  return { pico: (cost * extra) / (BigInt(before.calls) * BigInt(after.priced)), missing: null }
}

/** Bytes held for a time, at a price per GiB and month of 730 hours. Rounded down to 10^-12 dollars. */
export function memoryCost({
  bytes,
  ms,
  usdPerGibMonth,
}: {
  bytes: number
  ms: number
  usdPerGibMonth: string
}): bigint {
  return ((scaled(usdPerGibMonth, 12) ?? 0n) * BigInt(bytes) * BigInt(ms)) / (GIB * MONTH_MS)
}

/**
 * Milliseconds that nobody waited: per prompt version and model, hits times what the median uncached call took beyond
 * the median hit. A hit that does not say how long it took is taken as 0. `hitsBeside` have nothing to compare with.
 */
export function latencyAvoided(rows: LatencyOfModel[]) {
  let [ms, hits, hitsBeside] = [0, 0, 0]
  for (const row of rows) {
    if (row.uncachedMs === null) hitsBeside += row.hits
    else {
      hits += row.hits
      ms += row.hits * Math.max(0, row.uncachedMs - (row.cachedMs ?? 0))
    }
  }
  return { ms: hits === 0 ? null : ms, hits, hitsBeside }
}

/**
 * What providers' own prompt caches saved: tokens read at the input price less the price of a cached token, minus what
 * writing them cost above the input price. Base rates of the newest call's price, so an estimate; it may be negative.
 */
export function providerSaving(rows: ProviderCacheUse[]) {
  let [pico, read, unpricedTokens] = [0n, 0, 0]
  for (const { read: tokens, written, rates } of rows) {
    read += tokens
    const input = rates?.input ? scaled(rates.input.base, 6) : null
    if (!rates || input === null) {
      unpricedTokens += tokens
      continue
    }
    const rate = (of: { base: string } | null) => (of ? (scaled(of.base, 6) ?? input) : input)
    pico += BigInt(tokens) * (input - rate(rates.cacheRead)) - BigInt(written) * (rate(rates.cacheWrite) - input)
  }
  return { usd: read > 0 && unpricedTokens === read ? null : signedUsd(pico), tokens: read, unpricedTokens }
}
