import { lockRunningGuard, updateGuard } from '@/db/postgres/queries/guarded-rollouts'
import { selectPrompt } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { StopGuardedRollout } from './guarded-rollout.schema'
import { unknownPrompt } from './unknown'

/** Keeps the shares as they are and stops watching. @throws AppError `not_found`; `conflict` when nothing is watched. */
export async function stopGuardedRollout(caller: Caller, input: StopGuardedRollout): Promise<void> {
  const { name, channel, reason } = input
  return change(caller, 'prompts.rollout', async (tx) => {
    const prompt = await selectPrompt(tx, { name })
    if (!prompt) throw unknownPrompt(name)
    const guard = await lockRunningGuard(tx, { promptId: prompt.id, channel })
    if (!guard) throw notGuarded(name, channel)
    const endedReason = `Stopped by ${caller.actor.name}${reason ? `: ${reason}` : '.'}`
    await updateGuard(tx, guard, { state: 'stopped', endedAt: new Date(), endedReason })
    const state = { channel, version: guard.version, share: guard.steps[guard.step] }
    const audit = { before: { ...state, guard: 'running' }, after: { ...state, guard: 'stopped' } }
    return { result: undefined, audit: { target: name, ...audit, reason } }
  })
}

const notGuarded = (name: string, channel: string) =>
  new AppError('conflict', `No rollout of ${name} on ${channel} is under guard.`, { field: 'channel' })
