import { setTimeout as sleep } from 'node:timers/promises'
import { applications } from './application'
import type { Gateway } from './gateway'
import { deployNext } from './pipeline'
import { seeded } from './random'
import { callsPerMinute } from './world'

const TICK_MS = 500
const FIRST_DEPLOYMENT_MS = 3 * 60_000
const DEPLOYMENT_EVERY_MS = 20 * 60_000

type World = { connection: { url: string; key: string }; app: Gateway; operator: Gateway }

/** Runs until aborted: users ask and look around, and now and then a pipeline deploys. */
export async function runLive({ connection, app, operator }: World, signal: AbortSignal) {
  const random = seeded(Date.now() % 2 ** 32)
  const running = applications(connection, app, random, signal)
  const inFlight = new Set<Promise<void>>()
  const track = (work: Promise<void>) => {
    const done: Promise<void> = work.catch(complain).finally(() => inFlight.delete(done))
    inFlight.add(done)
  }

  let nextDeployment = Date.now() + FIRST_DEPLOYMENT_MS
  while (!signal.aborted) {
    const now = Date.now()
    const due = random.poisson((callsPerMinute(now, now) * TICK_MS) / 60_000)
    for (let n = 0; n < due; n++) track(running.answer())
    track(running.browse())
    if (now >= nextDeployment) {
      nextDeployment = now + DEPLOYMENT_EVERY_MS
      track(deployNext(operator))
    }
    await sleep(TICK_MS, undefined, { signal }).catch(() => {})
  }
  await Promise.all(inFlight)
  await running.close()
}

function complain(error: unknown) {
  console.error(`The gateway did not answer: ${error instanceof Error ? error.message : String(error)}`)
}
