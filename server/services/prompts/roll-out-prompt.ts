import { randomUUID } from 'node:crypto'
import { selectExisting } from '@/db/postgres/queries/prompt-moves'
import { AppError } from '@/server/errors'
import { requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { assignBuckets, inFull, weightsOf } from './buckets'
import type { Guard } from './guarded-rollout.schema'
import { type Along, moveActivePrompt } from './move-active-prompt'
import { readPointer } from './pointer'
import type { RollOutPrompt, RolloutActivation } from './prompts.schema'
import { unknownVersion } from './unknown'

/**
 * Serves several versions at once, each subject always the same one; starts a rollout or changes the one that runs. Its
 * salt stays while it changes, and as few subjects as can get another version. @throws AppError `not_found`, `conflict`.
 */
export async function rollOutPrompt(
  caller: Caller,
  input: RollOutPrompt,
  { along, guard }: { along?: Along; guard?: Guard } = {},
): Promise<RolloutActivation> {
  requireRole(caller.actor, 'prompts.rollout')
  const { name, arms, channel, expectedRevision, reason = null } = input
  const { promptId, live, full } = await readPointer(caller, { name, channel, expectedRevision })
  const versions = arms.map(({ version }) => version)
  const known = await selectExisting(caller.db, { promptId, versions })
  const missing = versions.find((version) => !known.includes(version))
  if (missing !== undefined) throw unknownVersion(name, missing, 'arms')
  if (!live || !full) throw nothingToStartFrom(name, channel)
  const base = full.version
  if (!versions.includes(base)) throw withoutBase(base, channel)

  const { salt, arms: held } = live.rollout ?? { salt: randomUUID(), arms: inFull(base) }
  const rollout = { salt, arms: assignBuckets(held, arms, base) }
  const move = { kind: 'rollout', promptId, name, channel, version: base, rollout, from: live } as const
  const moved = await moveActivePrompt(caller, { ...move, rollbackRevision: full.revision, reason, guard }, along)
  return { ...moved, arms: weightsOf(rollout) }
}

const nothingToStartFrom = (name: string, channel: string) =>
  new AppError('conflict', `Nothing of ${name} is live on ${channel} yet: activate a version first.`, {
    field: 'channel',
  })

const withoutBase = (base: number, channel: string) =>
  new AppError(
    'conflict',
    `Version ${base} is live on ${channel} and has to be one of the arms: a rollback returns to it.`,
    { field: 'arms' },
  )
