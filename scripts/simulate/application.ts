import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEngram, type Engram } from '@/sdk/src/engram'
import { type Call, drawCall, drawQuestion, type Question, sessionId, toEvent } from './call'
import { type Gateway, path } from './gateway'
import type { Random } from './random'
import { type ApplicationName, applicationNames } from './world'

const SESSION_TTL_SECONDS = 20 * 60
const ANSWER_TTL_SECONDS = 2 * 3600

type Connection = { url: string; key: string }

/** The applications of this world: each answers the questions of its own prompts, as a process with its own SDK would. */
export function applications({ url, key }: Connection, app: Gateway, random: Random, signal: AbortSignal) {
  const sdks = new Map<ApplicationName, Engram>()
  for (const name of applicationNames) sdks.set(name, createEngram({ url, key, name }))
  const sdkOf = ({ prompt }: Question): Engram => {
    const sdk = sdks.get(prompt.application)
    if (!sdk) throw new Error(`There is no application ${prompt.application}`)
    return sdk
  }

  return {
    /** Looks into the answer cache, "calls the model" on a miss, keeps the session and reports usage. */
    async answer() {
      const asked = drawQuestion(random)
      const sdk = sdkOf(asked)
      const { version } = await sdk.prompt(asked.prompt.name, { subject: asked.user })
      const call = drawCall(random, asked, version)
      const entry = entryOf(call, version)
      const cached = (await app.call('GET', entry)).status === 200
      if (!cached) {
        await sleep(call.latencyMs, undefined, { signal }).catch(() => {})
        if (call.status === 'ok')
          await app.call('PUT', entry, {
            value: { text: `Simulated answer ${call.question}` },
            ttlSeconds: ANSWER_TTL_SECONDS,
            costUsd: call.costUsd,
            prompt: { name: call.prompt.name, version },
          })
      }
      await keepSession(app, call, cached)
      sdk.usage(toEvent(call, version, new Date(), cached))
    },
    /** A page view between questions: the application reads its prompt and the visitor's session. */
    async browse() {
      const asked = drawQuestion(random)
      await sdkOf(asked).prompt(asked.prompt.name, { subject: asked.user })
      await app.call('GET', path('v1', 'sessions', sessionId(asked)))
    },
    close: () => Promise.all([...sdks.values()].map((sdk) => sdk.close())),
  }
}

function entryOf({ prompt, question, tenant }: Question, version: number) {
  const key = createHash('sha256').update(`${version}:${question}`).digest('hex').slice(0, 32)
  return `${path('v1', 'cache', prompt.name.replaceAll('/', '.'), key)}?tenant=${tenant}`
}

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
