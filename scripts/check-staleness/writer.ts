import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '@/scripts/simulate/random'
import { type Log, now } from './history'
import { CHANNEL, VERSIONS } from './prompts'

export type Ask = { op: string; prompt: string; verb: 'activate' | 'rollback'; version: number }
/** What a writer is told; null where somebody else was faster, or there was nothing to go back to. */
export type Told = { revision: number; version: number; appliedAt: string | null } | null
export type Act = (ask: Ask) => Promise<Told>

const PATIENCE_MS = 20_000

/** An activation or rollback over HTTP. @throws whatever leaves open whether it happened. */
export function actThrough(gatewayUrl: string, operatorKey: string): Act {
  return async ({ op, prompt, verb, version }) => {
    const reply = await fetch(`${gatewayUrl}/v1/prompts/${encodeURIComponent(prompt)}/${verb}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: CHANNEL, reason: op, ...(verb === 'activate' ? { version } : {}) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const body = await reply.text()
    if (reply.status === 409) return null
    if (reply.status !== 200) throw new Error(`answered ${reply.status}: ${body}`)
    return JSON.parse(body) as Told
  }
}

/** Asks, and logs the asking and what came of it. */
export async function actAndLog(act: Act, ask: Ask, by: string, log: Log): Promise<Told> {
  const { op, prompt, verb } = ask
  log.write({ type: 'invoke', op, prompt, verb, by, at: now() })
  try {
    const told = await act(ask)
    const at = now()
    if (told)
      log.write({
        type: 'ok',
        op,
        prompt,
        at,
        revision: told.revision,
        version: told.version,
        applied: told.appliedAt !== null,
      })
    else log.write({ type: 'fail', op, prompt, at, error: 'conflict' })
    return told
  } catch (error) {
    log.write({ type: 'info', op, prompt, at: now(), error: String(error) })
    return null
  }
}

type Writing = {
  by: string
  random: Random
  prompts: readonly string[]
  log: Log
  act: () => Act
  /** Whether to go on; asked before each activation. */
  more: () => boolean
  acknowledged: () => void
}

/** One writer: activates and rolls back, one after the other, now this prompt and now that. */
export async function writeOn({ by, random, prompts, log, act, more, acknowledged }: Writing): Promise<void> {
  for (let turn = 1; more(); turn++) {
    const ask: Ask = {
      op: `${by}-${turn}`,
      prompt: random.oneOf(prompts),
      verb: random.chance(0.25) ? 'rollback' : 'activate',
      version: 1 + random.integer(VERSIONS),
    }
    if (await actAndLog(act(), ask, by, log)) acknowledged()
    await sleep(random.next() * 100)
  }
}
