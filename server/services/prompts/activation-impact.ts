import { selectActivationAmong } from '@/db/postgres/queries/prompt-pages'
import { selectActivations, selectPrompt } from '@/db/postgres/queries/prompts'
import type { Rollout } from '@/db/postgres/schema/prompts'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { compareFigures } from './compare-figures'
import { measureVersions } from './measure-versions'
import type { ActivationImpact } from './prompt-pages.schema'
import { unknownPrompt } from './unknown'

const LONGEST_MS = 6 * 3_600_000
const CONFIDENCE = 0.95

/**
 * What changed with an activation: the version before and the new one, over stretches of the same length on either side of
 * it, as long as both were live and six hours at most. Of a rollout both are measured over one stretch, because both are
 * served in it. Null where nothing was ever activated.
 */
export async function activationImpact({ db }: Pick<Stores, 'db'>, { name, channel, revision }: ActivationImpact) {
  const around = await activationAmong({ db }, { name, channel, revision })
  if (!around) return null
  const { activation, earlier, later } = around
  const now = new Date()
  const sides = sidesOf(activation, earlier, later?.at ?? now)
  const { was, base, is, version } = sides
  const one = async (of: number, stretch: Stretch) =>
    (await measureVersions({ db }, { name, versions: [of], ...stretch }, CONFIDENCE))[0] ?? null
  const [before, after] = await Promise.all([base === null ? null : one(base, was), one(version, is)])
  return {
    revision: activation.revision,
    kind: activation.kind,
    at: activation.at.toISOString(),
    /** What is compared with; null where nothing was live before. */
    base,
    version,
    was: isoOf(was),
    is: isoOf(is),
    /** Still growing: nothing was activated since. */
    open: !later && is.to.getTime() - is.from.getTime() < LONGEST_MS,
    before,
    after,
    changes: before && after && compareFigures(before, after, CONFIDENCE),
    asOf: now.toISOString(),
  }
}
export type Impact = NonNullable<Awaited<ReturnType<typeof activationImpact>>>

type Stretch = { from: Date; to: Date }
const isoOf = ({ from, to }: Stretch) => ({ from: from.toISOString(), to: to.toISOString() })

/** @throws AppError `not_found`. */
async function activationAmong({ db }: Pick<Stores, 'db'>, { name, channel, revision }: ActivationImpact) {
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  const promptId = prompt.id
  const wanted = revision ?? (await selectActivations(db, { promptId, channel, limit: 1 }))[0]?.revision
  if (wanted === undefined) return null
  const rows = await selectActivationAmong(db, { promptId, channel, revision: wanted })
  const at = (other: number) => rows.find((row) => row.revision === other)
  const activation = at(wanted)
  if (!activation)
    throw new AppError('not_found', `${name} has no revision ${wanted} on ${channel}.`, { field: 'revision' })
  return { activation, earlier: at(wanted - 1), later: at(wanted + 1) }
}

type Row = Awaited<ReturnType<typeof selectActivationAmong>>[number]
type Sides = { base: number | null; version: number; was: Stretch; is: Stretch }

/** Which versions are compared, and the stretch of each. */
function sidesOf({ version, previousVersion, rollout, at }: Row, earlier: Row | undefined, until: Date): Sides {
  const span = (fromMs: number, toMs: number) => ({ from: new Date(fromMs), to: new Date(toMs) })
  const start = at.getTime()
  const sinceMs = Math.min(LONGEST_MS, until.getTime() - start)
  const candidate = rollout && newestBeside(rollout, version)
  if (candidate) {
    const both = span(start, start + sinceMs)
    return { base: version, version: candidate, was: both, is: both }
  }
  const lengthMs = Math.min(sinceMs, earlier ? start - earlier.at.getTime() : Infinity)
  // Where a rollout ended, what it served beside the version that stays is what is gone.
  const gone = earlier?.rollout && previousVersion === version ? newestBeside(earlier.rollout, version) : null
  return {
    base: gone ?? previousVersion,
    version,
    was: span(start - lengthMs, start),
    is: span(start, start + lengthMs),
  }
}

const newestBeside = ({ arms }: Rollout, version: number): number | null => {
  const others = arms.filter((arm) => arm.version !== version).map((arm) => arm.version)
  return others.length === 0 ? null : Math.max(...others)
}
