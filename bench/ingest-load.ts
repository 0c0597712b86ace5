import { reportUsage, usageBodies } from './usage-ingest'

/**
 * Reports usage flat out until it is told to stop, in a process of its own: its work must not slow what is measured. A batch
 * that was refused, as a store that is overwhelmed does, is sent again.
 */
const { BENCH_GATEWAY_URL = '', BENCH_APP_KEY = '' } = process.env
const CLIENTS = 4

const client = async () => {
  for (;;) {
    const bodies = usageBodies(10_000)
    for (let body = bodies.pop(); body; body = bodies.pop()) {
      const acknowledged = await reportUsage(BENCH_GATEWAY_URL, BENCH_APP_KEY, body).catch(() => null)
      if (acknowledged === null) bodies.push(body)
      else process.send?.('acknowledged')
    }
  }
}
await Promise.all(Array.from({ length: CLIENTS }, client))
