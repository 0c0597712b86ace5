import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEngram, type Engram } from '@/sdk/src/engram'
import { type Call, drawCall, drawQuestion, type Question, sessionId, toEvent } from './call'
import { type Gateway, path } from './gateway'
import { recall } from './memory'
import type { Random } from './random'
import { type ApplicationName, applicationNames, board, flags } from './world'

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
      if (!(await mayAsk(app, asked))) return
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
      // Named by the turn, so that the console shows each answer with what it cost.
      const id = randomUUID()
      await recall(app, random, asked)
      await keepSession(app, call, { cached, usageId: id })
      sdk.usage({ ...toEvent(call, version, new Date(), cached), id })
      const scored = path('v1', 'leaderboards', board, 'scores')
      await app.call('POST', scored, { id, member: asked.user, delta: 1, tenant: asked.tenant })
    },
    /** A page view between questions: the application reads its prompt and the visitor's session. */
    async browse() {
      const asked = drawQuestion(random)
      await sdkOf(asked).prompt(asked.prompt.name, { subject: asked.user })
      for (const { name } of flags)
        await app.call('GET', `${path('v1', 'flags', name)}?subject=${asked.user}&tenant=${asked.tenant}`)
      await app.call('GET', path('v1', 'sessions', sessionId(asked)))
      await readPreferences(app, asked)
    },
    close: () => Promise.all([...sdks.values()].map((sdk) => sdk.close())),
  }
}

/** What a visitor chose once; the first visit chooses. */
async function readPreferences(app: Gateway, { tenant, user }: Question) {
  const entry = `${path('v1', 'kv', 'preferences', user)}?tenant=${tenant}`
  const found = await app.call('GET', entry)
  if (found.status === 404)
    await app.call('PUT', entry, { value: { theme: 'dark', language: 'en' }, ttlSeconds: 7 * 86_400 })
}

/** A user in a hurry, or a tenant in a burst, is told to come again; without the limit everybody may. */
async function mayAsk(app: Gateway, { tenant, user }: Question): Promise<boolean> {
  for (const [limit, subject] of [
    ['questions', user],
    ['model-calls', tenant],
  ] as const) {
    const asked = { tenant, subject }
    const { status, body } = await app.call<{ allowed?: boolean }>(
      'POST',
      path('v1', 'limits', limit, 'consume'),
      asked,
    )
    if (status === 200 && body.allowed === false) return false
  }
  return true
}

function entryOf({ prompt, question, tenant }: Question, version: number) {
  const key = createHash('sha256').update(`${version}:${question}`).digest('hex').slice(0, 32)
  return `${path('v1', 'cache', prompt.name.replaceAll('/', '.'), key)}?tenant=${tenant}`
}

async function keepSession(app: Gateway, call: Call, { cached, usageId }: { cached: boolean; usageId: string }) {
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
    content: cached ? 'Simulated answer from the cache' : `Simulated answer ${call.question}`,
    usageId,
  })
}
