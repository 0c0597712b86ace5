import type { Source } from '@/components/feedback/source-note'
import { windowText } from '@/components/overview/window-text'
import { count } from '@/components/format/count'
import type { SavingsInput } from '@/server/services/usage/savings/savings.schema'
import type { SavingsReport } from '@/server/services/usage/savings/savings-report'

type Report = Pick<SavingsReport, 'asOf' | 'totals' | 'memory'>

/** Where each figure of the savings comes from, over which window, and how sure it is (R12). */
export function savingsSources(input: SavingsInput, { asOf, totals, memory }: Report) {
  const common = { window: windowText(input, asOf), asOf }
  const costless = `${count(totals.hitsWithoutCost)} hits had no known cost and are not in it`
  const unjudged =
    totals.hitsUnjudged > 0 ? `; of ${count(totals.hitsUnjudged)} older hits nobody counted whether they had one` : ''
  return {
    gross: {
      ...common,
      stores: ['postgres'],
      from: 'cache_lookups.saved_usd',
      precision: 'exact',
      detail: `The sum of what the entries had cost (costUsd) at each hit, counted by the gateways; whole minutes. ${costless}${unjudged}.`,
    },
    rewarming: {
      ...common,
      stores: ['postgres'],
      from: 'llm_usage around prompt_activations',
      precision: 'estimated',
      detail:
        'In the hour after each activation, misses of that prompt beyond those that its miss rate in the hour before foretells, at what a miss cost on average. It cannot tell an answer that had expired anyway.',
    },
    memory: {
      ...common,
      stores: ['redis', 'postgres'],
      from: 'INFO used_memory → redis_samples',
      precision: 'estimated',
      detail: `Mean of ${count(memory.samples)} samples × the range × the price entered, a month being 730 h. All of Redis, because it does not say what the answers alone hold: at most this.`,
    },
    net: {
      ...common,
      stores: ['postgres', 'redis'],
      from: 'gross − re-warming − memory',
      precision: 'estimated',
      detail: 'Exact decimals of the lines above; what is not known is left out, and named beside.',
    },
    latency: {
      ...common,
      stores: ['postgres'],
      from: 'usage_hourly + llm_usage.latency_ms',
      precision: 'estimated',
      detail:
        'Hits reported with cached: true × (median latency of the uncached calls of the same prompt version and model − the median of the hits). Medians of the newest 50,000 calls of the range.',
    },
    provider: {
      ...common,
      stores: ['postgres'],
      from: 'usage_hourly.cached_input_tokens × prices',
      precision: 'estimated',
      detail:
        "Tokens that providers read from their own caches × (input price − cached price), less the premium for writing them. Base rates of each model's newest price in the range, tiers left out.",
    },
  } satisfies Record<string, Source>
}
