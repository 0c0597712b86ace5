import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, drawCall, toEvent } from './call'
import { type Gateway, path } from './gateway'
import { seeded } from './random'
import { callsPerMinute, liveVersion, prompts, type SimulatedPrompt } from './world'

const TICK_MS = 500
const REPORT_MS = 1_000
const SESSION_TTL_SECONDS = 20 * 60
const ANSWER_TTL_SECONDS = 2 * 3600
const FIRST_DEPLOYMENT_MS = 3 * 60_000
const DEPLOYMENT_EVERY_MS = 20 * 60_000

/** Runs until aborted: asks for prompts, looks into the answer cache, "calls the model" on a miss, reports usage. */
export async function runLive(app: Gateway, operator: Gateway, signal: AbortSignal) {
  const random = seeded(Date.now() % 2 ** 32)
  const versions = new Map<string, number>()
  const versionOf = (prompt: SimulatedPrompt) => versions.get(prompt.name) ?? liveVersion(prompt)
  for (const { name } of prompts) {
    const { status, body } = await app.call<{ version: number }>('GET', path('v1', 'prompts', name))
    if (status === 200) versions.set(name, body.version)
  }
  const reports: unknown[] = []
  const inFlight = new Set<Promise<void>>()

  const answer = async (call: Call) => {
    const prompt = await app.call<{ version: number }>('GET', path('v1', 'prompts', call.prompt.name))
    if (prompt.status !== 200) return
    versions.set(call.prompt.name, prompt.body.version)
    const key = createHash('sha256').update(`${prompt.body.version}:${call.question}`).digest('hex').slice(0, 32)
    const entry = `${path('v1', 'cache', call.prompt.name.replaceAll('/', '.'), key)}?tenant=${call.tenant}`
    const cached = (await app.call('GET', entry)).status === 200
    if (!cached) {
      await sleep(call.latencyMs, undefined, { signal }).catch(() => {})
      if (call.status === 'ok')
        await app.call('PUT', entry, {
          value: { text: `Simulated answer ${call.question}` },
          ttlSeconds: ANSWER_TTL_SECONDS,
          costUsd: call.costUsd,
        })
    }
    await keepSession(app, call, cached)
    reports.push(toEvent(call, randomUUID(), prompt.body.version, new Date(), cached))
  }

  const track = (work: Promise<void>) => {
    const done: Promise<void> = work.catch(complain).finally(() => inFlight.delete(done))
    inFlight.add(done)
  }

  const report = async () => {
    const events = reports.splice(0, 1_000)
    if (events.length > 0) await app.call('POST', '/v1/usage', { events })
  }

  let nextReport = Date.now() + REPORT_MS
  let nextDeployment = Date.now() + FIRST_DEPLOYMENT_MS
  while (!signal.aborted) {
    const now = Date.now()
    const due = random.poisson((callsPerMinute(now, now) * TICK_MS) / 60_000)
    for (let n = 0; n < due; n++) track(answer(drawCall(random, versionOf)))
    track(browse(app, drawCall(random, versionOf)))
    if (now >= nextReport) {
      nextReport = now + REPORT_MS
      track(report())
    }
    if (now >= nextDeployment) {
      nextDeployment = now + DEPLOYMENT_EVERY_MS
      track(deployNext(operator, versionOf))
    }
    await sleep(TICK_MS, undefined, { signal }).catch(() => {})
  }
  await Promise.all(inFlight)
  await report()
}

const sessionId = (call: Call) => `${call.tenant}-${call.user}`

async function keepSession(app: Gateway, call: Call, cached: boolean) {
  const session = path('v1', 'sessions', sessionId(call))
  const found = await app.call('GET', session)
  if (found.status === 404)
    await app.call('PUT', session, {
      tenant: call.tenant,
      user: call.user,
      ttlSeconds: SESSION_TTL_SECONDS,
      data: { channel: 'web', startedWith: call.prompt.name },
    })
  await app.call('POST', `${session}/turns`, { role: 'user', content: `Question ${call.question}` })
  await app.call('POST', `${session}/turns`, {
    role: 'assistant',
    content: cached ? 'Answered from the cache' : 'Answered by the model',
  })
}

/** A page view between questions: the application reads its prompt and the visitor's session. */
async function browse(app: Gateway, call: Call) {
  await app.call('GET', path('v1', 'prompts', call.prompt.name))
  await app.call('GET', path('v1', 'sessions', sessionId(call)))
}

/** What a pipeline does now and then: the newest version of the next prompt that does not serve it yet goes live. */
async function deployNext(operator: Gateway, versionOf: (prompt: SimulatedPrompt) => number) {
  const next = prompts.find((prompt) => versionOf(prompt) < prompt.versions.length)
  if (!next) return
  await operator.call('POST', path('v1', 'prompts', next.name, 'activate'), {
    version: next.versions.length,
    reason: next.versions.at(-1)?.message,
  })
}

function complain(error: unknown) {
  console.error(`The gateway did not answer: ${error instanceof Error ? error.message : String(error)}`)
}
