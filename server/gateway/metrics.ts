import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { LookupCounter } from '@/server/services/cache/lookup-counter'
import type { Stores } from '@/server/services/context'
import type { PromptReader } from '@/server/services/prompts/prompt-reader'
import type { Streams } from './event-stream'
import type { Route } from './route'

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

type Watched = Pick<Stores, 'redis'> & {
  lookups: LookupCounter
  prompts: Pick<PromptReader, 'reads'>
  streams: Pick<Streams, 'size' | 'counts'>
}

/** What /metrics tells Prometheus: this process, its requests, its caches, and whether it reaches Redis. */
export function gatewayMetrics({ redis, lookups, prompts, streams }: Watched) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'engram_http_requests_total',
    help: 'Requests answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'engram_http_request_duration_seconds',
    help: 'Time from the request line to the reply, by route.',
    labelNames: ['method', 'route'],
    buckets: BUCKETS_SECONDS,
    registers,
  })
  new Gauge({
    name: 'engram_redis_up',
    help: '1 while Redis answers this process.',
    registers,
    collect() {
      this.set(redis.healthy() ? 1 : 0)
    },
  })
  new Counter({
    name: 'engram_cache_lookups_total',
    help: 'Look-ups of the answer cache; degraded ones met no Redis.',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset()
      for (const result of ['hits', 'misses', 'degraded'] as const) this.inc({ result }, lookups.seen[result])
    },
  })
  new Counter({
    name: 'engram_prompt_reads_total',
    help: 'Reads of active prompts, by what answered: own copy, Redis or Postgres.',
    labelNames: ['source'],
    registers,
    collect() {
      this.reset()
      for (const source of ['copy', 'redis', 'postgres'] as const) this.inc({ source }, prompts.reads[source])
    },
  })
  new Gauge({
    name: 'engram_streams_open',
    help: 'Open streams of invalidations.',
    registers,
    collect() {
      this.set(streams.size())
    },
  })
  new Counter({
    name: 'engram_stream_messages_total',
    help: 'Events written to streams, beats included.',
    registers,
    collect() {
      this.reset()
      this.inc(streams.counts.messages)
    },
  })
  return { registry, observe: observer(requests, durations) }
}

export type Metrics = ReturnType<typeof gatewayMetrics>

/** Labels are looked up once per route and status, not once per request. */
function observer(requests: Counter, durations: Histogram) {
  const known = new Map<
    Route | null,
    { durations: Histogram.Internal<string>; statuses: Map<number, Counter.Internal> }
  >()
  return (route: Route | null, status: number, milliseconds: number) => {
    const labels = { method: route?.method ?? '', route: route?.path ?? '' }
    let entry = known.get(route)
    if (!entry) known.set(route, (entry = { durations: durations.labels(labels), statuses: new Map() }))
    let counter = entry.statuses.get(status)
    if (!counter) entry.statuses.set(status, (counter = requests.labels({ ...labels, status })))
    counter.inc()
    entry.durations.observe(milliseconds / 1000)
  }
}
