import type { Random } from '@/scripts/simulate/random'
import { AppError } from '@/server/errors'
import type { Caller } from '@/server/services/context'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { rollOutPrompt } from '@/server/services/prompts/roll-out-prompt'
import { rollbackPrompt } from '@/server/services/prompts/rollback-prompt'
import type { Verb } from './history'
import { CHANNEL, VERSIONS } from './prompts'

/** `op` names the asking, and is the reason that the history then holds. */
export type Ask = { op: string; prompt: string; verb: Verb; version: number }
/** What a writer is told; null where somebody else was faster, or there was nothing to go back to. */
export type Told = { revision: number; version: number; appliedAt: string | null } | null
export type Act = (ask: Ask) => Promise<Told>

const PATIENCE_MS = 20_000

/** All versions are among the arms, so that the one that is live is, whichever it is. */
const armsWithMost = (version: number) =>
  Array.from({ length: VERSIONS }, (_, index) => ({ version: index + 1, weight: index + 1 === version ? 60 : 10 }))

const bodyOf: Record<Verb, (version: number) => object> = {
  activate: (version) => ({ version }),
  rollback: () => ({}),
  rollout: (version) => ({ arms: armsWithMost(version) }),
}

/** An activation, rollback or rollout over HTTP. @throws whatever leaves open whether it happened. */
export function actThrough(gatewayUrl: string, operatorKey: string): Act {
  return async ({ op, prompt, verb, version }) => {
    const reply = await fetch(`${gatewayUrl}/v1/prompts/${encodeURIComponent(prompt)}/${verb}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: CHANNEL, reason: op, ...bodyOf[verb](version) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const body = await reply.text()
    if (reply.status === 409) return null
    if (reply.status !== 200) throw new Error(`answered ${reply.status}: ${body}`)
    return JSON.parse(body) as Told
  }
}

/** The same by the services themselves. */
export const actDirectly =
  (caller: Caller): Act =>
  async ({ op, prompt, verb, version }) => {
    const move = { name: prompt, channel: CHANNEL, reason: op }
    try {
      if (verb === 'rollback') return await rollbackPrompt(caller, move)
      if (verb === 'rollout') return await rollOutPrompt(caller, { ...move, arms: armsWithMost(version) })
      return await activatePrompt(caller, { ...move, version })
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict') return null
      throw error
    }
  }

const VERBS: readonly Verb[] = ['activate', 'activate', 'activate', 'rollback', 'rollout']

export const drawAsk = (op: string, prompts: readonly string[], random: Random): Ask => ({
  op,
  prompt: random.oneOf(prompts),
  verb: random.oneOf(VERBS),
  version: 1 + random.integer(VERSIONS),
})
