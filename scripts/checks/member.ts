import { faultyLink } from '@/scripts/faults/faulty-link'
import { lastingPort } from '@/scripts/free-port'
import { type Output, type Running, startRole, waitForHttp, waitForOutput } from '@/scripts/processes'
import type { CheckedEngines } from './engines'

export type Member = Awaited<ReturnType<typeof startMember>>

/** On a machine that is busy with the run itself, a process that was killed takes its time to come back. */
const STARTS_WITHIN_MS = 5 * 60_000

type Options = {
  role: 'gateway' | 'worker'
  name: string
  engines: CheckedEngines
  databaseDelayMs: number
  output: Output
}

/** A gateway or a worker as a process of its own, which reaches each store through a link of its own. */
export async function startMember({ role, name, engines, databaseDelayMs, output }: Options) {
  const postgresLink = await faultyLink(engines.databaseUrl)
  const redisLink = await faultyLink(engines.redisUrl)
  postgresLink.delay(databaseDelayMs / 2)
  const port = await lastingPort()
  const url = `http://127.0.0.1:${port}`
  const reads: Record<string, number> = {}
  let running: Running

  const start = async () => {
    const env = { DATABASE_URL: postgresLink.url, REDIS_URL: redisLink.url, GATEWAY_PORT: String(port) }
    running = startRole(role, env, output)
    if (role === 'gateway') await waitForHttp(`${url}/healthz`, running, STARTS_WITHIN_MS)
    else await waitForOutput(running)
  }
  await start()

  return {
    role,
    name,
    url,
    redisLink,
    postgresLink,
    start,
    /** False where it ended by itself, or was killed and not started again. */
    isAlive: () => running.child.exitCode === null && running.child.signalCode === null,
    /** kill -9. What it had under way towards the stores is lost. */
    kill: async () => {
      running.child.kill('SIGKILL')
      await running.exited
    },
    pause: () => running.child.kill('SIGSTOP'),
    resume: () => running.child.kill('SIGCONT'),
    /** Adds up what answered its reads so far; asked for before each kill, as the counts end with the process. */
    countReads: async () => {
      for (const [source, count] of await readsBySource(url)) reads[source] = (reads[source] ?? 0) + count
    },
    reads,
    stop: async () => {
      running.child.kill('SIGKILL')
      await running.exited
      await Promise.all([postgresLink.close(), redisLink.close()])
    },
  }
}

const METRIC = /^engram_prompt_reads_total\{source="(\w+)"\} (\d+)/gm

async function readsBySource(url: string): Promise<[source: string, count: number][]> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return [...text.matchAll(METRIC)].map(([, source = '', count]) => [source, Number(count)])
}
