import type { UsageEvent } from '@/sdk/src/engram'
import type { Random } from './random'
import { prompts, type SimulatedPrompt, tenants } from './world'

/** Who asks what. */
export type Question = { tenant: string; user: string; prompt: SimulatedPrompt; question: number }

export type Call = Question & {
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  cachedInputTokens: number
  latencyMs: number
  ttftMs: number
  status: 'ok' | 'error' | 'timeout'
  /** What the application believes the answer cost, in US dollars. */
  costUsd: string
}

/** Draws tenant, user, prompt and question by Zipf. */
export function drawQuestion(random: Random): Question {
  const tenant = random.pick(tenants)
  const prompt = random.pick(prompts)
  return {
    tenant: tenant.slug,
    user: `u-${String(10_000 + random.zipf(tenant.users) * 37 + tenant.slug.length * 7)}`,
    prompt,
    question: random.zipf(prompt.questions, 1.5),
  }
}

/** Draws the model's side of a call: tokens and latency log-normal around what the prompt's version needs. */
export function drawCall(random: Random, asked: Question, version: number): Call {
  const { prompt } = asked
  const { provider, model, usd } = random.pick(prompt.models)
  // The last version of support-reply carries the order history: that is what makes it dearer.
  const longer = prompt.name === 'support-reply' && version >= 4 ? 1.7 : 1
  const inputTokens = random.around(prompt.inputTokens * longer, 0.35)
  const outputTokens = random.around(prompt.outputTokens * longer, 0.4)
  const ttftMs = random.around(240 + inputTokens / 12, 0.3)
  const failed = random.chance(0.006)
  return {
    ...asked,
    provider,
    model,
    inputTokens,
    outputTokens: failed ? 0 : outputTokens,
    cachedInputTokens: random.chance(prompt.providerCached) ? Math.floor((inputTokens * 0.6) / 128) * 128 : 0,
    latencyMs: ttftMs + random.around(outputTokens * 6, 0.2),
    ttftMs,
    status: failed ? (random.chance(0.5) ? 'timeout' : 'error') : 'ok',
    costUsd: ((inputTokens * usd[0] + outputTokens * usd[1]) / 1e6).toFixed(6),
  }
}

/** One session per user: its turns are one conversation. */
export const sessionId = ({ tenant, user }: Question) => `${tenant}-${user}`

/** The usage event that an application reports for a call. */
export function toEvent(call: Call, version: number, occurredAt: Date, cached: boolean): UsageEvent {
  const { tenant, user, provider, model, prompt } = call
  const common = {
    tenant,
    user,
    conversation: sessionId(call),
    provider,
    model,
    prompt: { name: prompt.name, version },
    occurredAt,
  }
  if (cached) return { ...common, inputTokens: 0, outputTokens: 0, latencyMs: 4, cached }
  const { inputTokens, outputTokens, cachedInputTokens, latencyMs, ttftMs, status } = call
  return { ...common, inputTokens, outputTokens, cachedInputTokens, latencyMs, ttftMs, status }
}
