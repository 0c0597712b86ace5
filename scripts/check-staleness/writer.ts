import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '@/scripts/simulate/random'
import type { Caller } from '@/server/services/context'
import { type Act, actDirectly, type Ask, drawAsk, type Told } from './acts'
import { type Log, now } from './history'
import { createPrompts } from './prompts'

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
    const ask = drawAsk(`${by}-${turn}`, prompts, random)
    if (await actAndLog(act(), ask, by, log)) acknowledged()
    await sleep(random.next() * 100)
  }
}

/** Prompts with their first version active, as the log knows. */
export async function preparePrompts(caller: Caller, count: number, log: Log): Promise<string[]> {
  const prompts = await createPrompts(caller, count)
  for (const prompt of prompts)
    await actAndLog(actDirectly(caller), { op: `first ${prompt}`, prompt, verb: 'activate', version: 1 }, 'setup', log)
  return prompts
}
