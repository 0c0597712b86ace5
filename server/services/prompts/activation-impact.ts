import { selectActivationAmong } from '@/db/postgres/queries/prompt-pages'
import { figuresOfVersion, type VersionFigures as Figures } from '@/db/postgres/queries/prompt-usage'
import { selectActivations, selectPrompt } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import type { ActivationImpact } from './prompt-pages.schema'
import { unknownPrompt } from './unknown'

const LONGEST_MS = 6 * 3_600_000

/**
 * What changed with an activation: the version before and the new one, over stretches of the same length on either side of
 * it, as long as both were live and six hours at most. Null where nothing was ever activated.
 */
export async function activationImpact({ db }: Pick<Stores, 'db'>, { name, channel, revision }: ActivationImpact) {
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  const promptId = prompt.id
  const newest =
    revision === null ? (await selectActivations(db, { promptId, channel, limit: 1 }))[0]?.revision : revision
  if (newest === undefined) return null
  const around = await selectActivationAmong(db, { promptId, channel, revision: newest })
  const activation = around.find((row) => row.revision === newest)
  if (!activation)
    throw new AppError('not_found', `${name} has no revision ${newest} on ${channel}.`, { field: 'revision' })

  const now = new Date()
  const at = activation.at.getTime()
  const until = around.find((row) => row.revision === newest + 1)?.at ?? now
  const since = around.find((row) => row.revision === newest - 1)?.at
  const lengthMs = Math.min(LONGEST_MS, until.getTime() - at, since ? at - since.getTime() : Infinity)
  const [from, to] = [new Date(at - lengthMs), new Date(at + lengthMs)]
  const { version, previousVersion } = activation
  const [before, after] = await Promise.all([
    previousVersion === null ? null : figuresOfVersion(db, { name, version: previousVersion, from, to: activation.at }),
    figuresOfVersion(db, { name, version, from: activation.at, to }),
  ])
  return {
    ...activation,
    at: activation.at.toISOString(),
    from: from.toISOString(),
    to: to.toISOString(),
    /** Still growing: nothing was activated since. */
    open: until === now && lengthMs < LONGEST_MS,
    before,
    after,
    asOf: now.toISOString(),
  }
}
export type Impact = NonNullable<Awaited<ReturnType<typeof activationImpact>>>
export type VersionFigures = Figures
export type Spread = Figures['cost']
