import type { Source } from '@/components/feedback/source-note'

/** Where the figures come from, as every figure can say (R12). */
type Common = { window: string; asOf?: string | null }

const source = (fixed: Omit<Source, 'window' | 'asOf'>, { window, asOf }: Common): Source => ({
  ...fixed,
  window,
  asOf: asOf ?? undefined,
})

const wholeInstance = 'The whole instance: INFO knows no tenants.'

export const infoSource = (common: Common, formula: string): Source =>
  source(
    {
      stores: ['redis'],
      from: 'INFO, Δ 5 s → redis_samples',
      precision: 'exact',
      detail: `${formula}. ${wholeInstance}`,
    },
    common,
  )

export const levelSource = (common: Common, field: string): Source =>
  source(
    {
      stores: ['redis'],
      from: `INFO ${field} → redis_samples`,
      precision: 'exact',
      detail: `Newest sample. ${wholeInstance}`,
    },
    common,
  )

export const sessionsSource = (common: Common): Source =>
  source(
    {
      stores: ['redis'],
      from: 'ZCOUNT engram:sessions:live → redis_samples',
      precision: 'exact',
      detail: 'Sessions that have not expired, at the newest sample; all tenants.',
    },
    common,
  )

export const lookupsSource = (common: Common, of: string): Source =>
  source(
    {
      stores: ['postgres'],
      from: 'cache_lookups',
      precision: 'exact',
      detail: `hits ÷ (hits + misses) of ${of}, counted one by one by the gateways; whole minutes.`,
    },
    common,
  )

export const usageSource = (common: Common, detail: string): Source =>
  source(
    { stores: ['postgres'], from: 'usage_hourly + unfolded deltas + llm_usage', precision: 'exact', detail },
    common,
  )

export const latencySource = (common: Common, sampled: boolean): Source =>
  source(
    {
      stores: ['postgres'],
      from: 'llm_usage.latency_ms',
      precision: sampled ? 'sampled' : 'exact',
      detail: `95th percentile of calls that reached a model${sampled ? '; the first 125 calls of each stretch' : ''}.`,
    },
    common,
  )

export const promptsSource = (common: Common): Source =>
  source(
    {
      stores: ['postgres'],
      from: 'prompt_deployments',
      precision: 'exact',
      detail: 'Prompts with a live version on some channel; they belong to no tenant.',
    },
    common,
  )
