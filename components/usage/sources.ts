import type { Source } from '@/components/feedback/source-note'

type Known = { window: string; asOf: string; exact: boolean; calls?: string; more?: string }

/** Where latencies come from, and how far off they may be (R12). */
export function latencySourceOf({ window, asOf, exact, calls = 'the calls', more }: Known): Source {
  const of = `${calls} that reached a model and said how long they took`
  return {
    stores: ['postgres'],
    from: exact ? 'llm_usage.latency_ms' : 'usage_hourly_latencies + llm_usage',
    window,
    asOf,
    precision: exact ? 'exact' : 'estimated',
    detail: [
      exact
        ? `Nearest rank of ${of}.`
        : `Within 2 % of the nearest rank of ${of}: all of them are counted, in bins of that width.`,
      more,
    ]
      .filter(Boolean)
      .join(' '),
  }
}
