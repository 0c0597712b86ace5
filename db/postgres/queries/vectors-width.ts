/** How widely an approximate search looks: HNSW's ef_search, IVFFlat's probes. Both while an index of one replaces one of the other. */
export type SearchWidth = { efSearch?: number; probes?: number }

/** A list has a thousand rows or more (see `listsFor`): about as many as hnsw.max_scan_tuples, 20,000. */
const MOST_PROBES = 20

/**
 * The settings of one search, for `set_config`. An iterative scan goes on until k rows passed the filters, or the most were
 * looked at: what comes short then is searched exactly.
 */
export function settingsOf({ efSearch, probes }: SearchWidth): [name: string, value: string][] {
  const hnsw: [string, string][] = [
    ['hnsw.iterative_scan', 'relaxed_order'],
    ['hnsw.ef_search', whole(efSearch)],
  ]
  const ivfflat: [string, string][] = [
    ['ivfflat.iterative_scan', 'relaxed_order'],
    ['ivfflat.probes', whole(probes)],
    ['ivfflat.max_probes', whole(Math.max(MOST_PROBES, probes ?? 0))],
  ]
  return [...(efSearch === undefined ? [] : hnsw), ...(probes === undefined ? [] : ivfflat)]
}

const whole = (value = 0) => String(Math.trunc(value))
