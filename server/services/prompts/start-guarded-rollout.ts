import { selectExisting } from '@/db/postgres/queries/prompt-moves'
import { AppError } from '@/server/errors'
import { serverEnv } from '@/server/env'
import { requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { StartGuardedRollout } from './guarded-rollout.schema'
import { readPointer } from './pointer'
import type { RolloutActivation } from './prompts.schema'
import { rollOutPrompt } from './roll-out-prompt'
import { unknownVersion } from './unknown'

/**
 * Serves a version to the first step's share and has the worker watch it: it widens by itself, or rolls back and writes
 * why. @throws AppError `bad_request`, `not_found`, `conflict`.
 */
export async function startGuardedRollout(caller: Caller, input: StartGuardedRollout): Promise<RolloutActivation> {
  requireRole(caller.actor, 'prompts.rollout')
  const { name, channel, guard, expectedRevision, reason } = input
  const least = serverEnv().rolloutMinObserveSeconds
  if (guard.observeSeconds < least)
    throw new AppError('bad_request', `guard.observeSeconds: must be at least ${least}`, {
      field: 'guard.observeSeconds',
    })
  const { promptId, live, full } = await readPointer(caller, { name, channel, expectedRevision })
  if (!live || !full) throw nothingLive(name, channel)
  const base = full.version
  if (guard.version === base) throw sameVersion(base, channel)
  const [known] = await selectExisting(caller.db, { promptId, versions: [guard.version] })
  if (known === undefined) throw unknownVersion(name, guard.version, 'guard.version')
  const others = live.rollout?.arms.filter(({ version }) => version !== base && version !== guard.version) ?? []
  if (others.length > 0) throw othersServed(others.map(({ version }) => version))

  const share = guard.steps[0] ?? 100
  const arms = [
    { version: base, weight: 100 - share },
    { version: guard.version, weight: share },
  ]
  return rollOutPrompt(caller, { name, channel, arms, expectedRevision: live.revision, reason }, { guard })
}

const nothingLive = (name: string, channel: string) =>
  new AppError('conflict', `Nothing of ${name} is live on ${channel} yet: activate a version first.`, {
    field: 'channel',
  })

const sameVersion = (version: number, channel: string) =>
  new AppError('conflict', `Version ${version} is live on ${channel} already; name another one to roll out.`, {
    field: 'guard.version',
  })

const othersServed = (versions: number[]) =>
  new AppError(
    'conflict',
    `A rollout serves version ${versions.join(' and ')} too: a guard compares two versions only. End that rollout first.`,
    { field: 'guard.version' },
  )
