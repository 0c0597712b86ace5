import type { Random } from './random'
import { prompts, type SimulatedPrompt, tenants } from './world'

export type Call = {
  tenant: string
  user: string
  prompt: SimulatedPrompt
  question: number
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

/** Draws one call: tenant, user and question by Zipf, tokens and latency log-normal around what the prompt needs. */
export function drawCall(random: Random, version: (prompt: SimulatedPrompt) => number): Call {
  const tenant = random.pick(tenants)
  const prompt = random.pick(prompts)
  const { provider, model, usd } = random.pick(prompt.models)
  // The last version of support-reply carries the order history: that is what makes it dearer.
  const longer = prompt.name === 'support-reply' && version(prompt) >= 4 ? 1.7 : 1
  const inputTokens = random.around(prompt.inputTokens * longer, 0.35)
  const outputTokens = random.around(prompt.outputTokens * longer, 0.4)
  const ttftMs = random.around(240 + inputTokens / 12, 0.3)
  const failed = random.chance(0.006)
  return {
    tenant: tenant.slug,
    user: `u-${String(10_000 + random.zipf(tenant.users) * 37 + tenant.slug.length * 7)}`,
    prompt,
    question: random.zipf(prompt.questions, 1.5),
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

/** The usage event that an application reports for a call. */
export function toEvent(call: Call, id: string, version: number, occurredAt: Date, cached: boolean) {
  const { tenant, user, provider, model, prompt } = call
  const common = {
    id,
    tenant,
    user,
    provider,
    model,
    prompt: { name: prompt.name, version },
    occurredAt: occurredAt.toISOString(),
  }
  if (cached) return { ...common, inputTokens: 0, outputTokens: 0, latencyMs: 4, cached }
  const { inputTokens, outputTokens, cachedInputTokens, latencyMs, ttftMs, status } = call
  return { ...common, inputTokens, outputTokens, cachedInputTokens, latencyMs, ttftMs, status }
}
