/** What every table of sums of usage counts, by the names of its columns. */
export const USAGE_FIGURES = [
  'requests',
  'errors',
  'cache_hits',
  'input_tokens',
  'output_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'cost_usd',
  'unpriced',
]
