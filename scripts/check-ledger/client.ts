import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '@/scripts/simulate/random'

/** What a client sends, and knows the price of. */
export type Sent = {
  id: string
  tenant: string
  user: string
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  occurredAt: string
}

/** What one client was told. `surprises` are answers that no retry explains. */
export type Account = {
  acknowledged: Sent[]
  accepted: number
  duplicates: number
  batches: number
  /** Batches without an answer, or with 503: sent again until there was one. */
  unanswered: number
  surprises: string[]
}

const MODELS = ['gpt-4o-mini', 'gpt-4o-2024-08-06']
const REPEATED = 0.05
const PAUSE_MS = 50

type Options = {
  name: string
  tenants: string[]
  url: string
  key: string
  random: Random
  more: () => boolean
}

/**
 * Reports batches one after the other until `more` says no. One without an answer is sent again until there is one, as an
 * application would; five in a hundred are sent once more although they were answered.
 */
export async function report({ name, tenants, url, key, random, more }: Options): Promise<Account> {
  const account: Account = { acknowledged: [], accepted: 0, duplicates: 0, batches: 0, unanswered: 0, surprises: [] }
  for (let batch = 0; more(); batch++) {
    const events = Array.from({ length: 1 + random.integer(200) }, (_, n): Sent => ({
      id: `${name}-${batch}-${n}`,
      tenant: random.oneOf(tenants),
      user: `u-${random.integer(50)}`,
      provider: 'openai',
      model: random.oneOf(MODELS),
      inputTokens: random.integer(5_000),
      outputTokens: random.integer(2_000),
      // Late rows among them: they go to hours that were folded long ago.
      occurredAt: new Date(Date.now() - random.integer(6 * 3_600_000)).toISOString(),
    }))
    const send = async (): Promise<void> => {
      for (;;) {
        const answer = await post(url, key, events)
        if (answer === null) {
          account.unanswered++
          await sleep(PAUSE_MS)
          continue
        }
        if (answer.accepted + answer.duplicates !== events.length)
          account.surprises.push(`batch ${name}-${batch}: ${JSON.stringify(answer)} for ${events.length} events`)
        account.accepted += answer.accepted
        account.duplicates += answer.duplicates
        return
      }
    }
    await send()
    account.batches++
    account.acknowledged.push(...events)
    if (random.chance(REPEATED)) await send()
  }
  return account
}

type Answer = { accepted: number; duplicates: number }

/** Null where there was no answer, or one that asks to come again. @throws Error on any other refusal. */
async function post(url: string, key: string, events: Sent[]): Promise<Answer | null> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(10_000)
  const reply = await fetch(`${url}/v1/usage`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ events }),
    signal,
  }).catch(() => null)
  if (reply === null) return null
  const text = await reply.text().catch(() => null)
  if (text === null || reply.status === 503) return null
  if (reply.status !== 200) throw new Error(`POST /v1/usage answered ${reply.status}: ${text.slice(0, 500)}`)
  return JSON.parse(text) as Answer
}
