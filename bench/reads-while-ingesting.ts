import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { startProcess, stopAll } from '@/scripts/processes'
import type { Figure } from './figure'
import { median } from './load'
import type { Setting } from './setting'

const ROUNDS = 3
const SECONDS = 5
/** Reads begin on this clock whether or not those before were answered, and are timed from it: waiting counts. */
const EVERY_MS = 5

/** Reads of the active prompt at a steady pace, in turns while nothing else happens and while usage is reported flat out. */
export async function readsWhileIngesting({ gatewayUrl, appKey, promptName }: Setting): Promise<Figure[]> {
  const agent = new Agent({ keepAlive: true })
  const url = `${gatewayUrl}/v1/prompts/${encodeURIComponent(promptName)}`
  const read = () => readOnce(url, appKey, agent)
  const idle: number[] = []
  const busy: number[] = []
  await p99Of(read) // warms both sides
  for (let round = 0; round < ROUNDS; round++) {
    idle.push(await p99Of(read))
    const env = { BENCH_GATEWAY_URL: gatewayUrl, BENCH_APP_KEY: appKey }
    const load = startProcess('ingest', ['--import', 'tsx', 'bench/ingest-load.ts'], env)
    await once(load.child, 'message') // its first batch was acknowledged
    busy.push(await p99Of(read))
    if (load.child.exitCode !== null) throw new Error('The load ended before the reads did')
    await stopAll([load])
  }
  agent.destroy()
  return [
    {
      work: 'p99 of prompt reads while ingest runs flat out',
      ours: median(busy),
      unit: 'ms',
      other: median(idle),
      dividedBy: `p99 of the same ${1_000 / EVERY_MS} reads/s while idle`,
      goal: { atMost: 2 },
    },
  ]
}

async function p99Of(read: () => Promise<void>): Promise<number> {
  const waits: number[] = []
  const under: Promise<void>[] = []
  const started = performance.now()
  for (let n = 0; n < (SECONDS * 1_000) / EVERY_MS; n++) {
    const due = started + n * EVERY_MS
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
    under.push(read().then(() => void waits.push(performance.now() - due)))
  }
  await Promise.all(under)
  waits.sort((a, b) => a - b)
  return waits[Math.floor(waits.length * 0.99)] ?? Number.NaN
}

function readOnce(url: string, key: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`A read was answered with ${response.statusCode}`))
      response.resume().once('end', resolve)
    })
    asked.once('error', reject).end()
  })
}
