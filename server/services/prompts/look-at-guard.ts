import { type GuardRow, updateGuard } from '@/db/postgres/queries/guarded-rollouts'
import { selectActivations } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { activatePrompt } from './activate-prompt'
import type { RolloutVerdict } from './guarded-rollout.schema'
import { confidenceOf, judgeStep, type Look } from './judge-step'
import { measureVersions } from './measure-versions'
import type { Along } from './move-active-prompt'
import { readPointer } from './pointer'
import { rollbackPrompt } from './rollback-prompt'
import { rollOutPrompt } from './roll-out-prompt'

/** Applications send their usage in batches: the newest seconds are not all there yet. */
const LATE_MS = 10_000
const LONGEST_MS = 6 * 3_600_000

/**
 * One look at a guarded rollout: judges its figures since the step began, and widens, ends or rolls back. A move and what
 * the guard knows of it are one transaction, so a worker that dies in between leaves no trace. @throws AppError
 * `conflict` when somebody else acts at the same moment: the next look says so.
 */
export async function lookAtGuard(caller: Caller, guard: GuardRow, now: Date): Promise<void> {
  const { live } = await readPointer(caller, guard)
  if (live?.revision !== guard.revision) return endMoved(caller, guard)
  const look = lookOf(guard, now)
  if (look.from >= look.to) return
  const versions = [guard.baseVersion, guard.version]
  const stretch = { name: guard.name, versions, from: look.from, to: look.to }
  const [base, candidate] = await measureVersions(caller, stretch, confidenceOf(look))
  if (!base || !candidate) throw new Error('figures of two versions were asked for')
  const { outcome, verdict } = judgeStep(look, { base, candidate })
  switch (outcome) {
    case 'wait':
      await updateGuard(caller.db, guard, { verdict })
      return
    case 'widen':
      return widen(caller, guard, verdict)
    case 'complete':
      return complete(caller, guard, verdict)
    case 'roll back':
      return rollBack(caller, guard, verdict)
  }
}

function lookOf(guard: GuardRow, now: Date): Look {
  const to = new Date(now.getTime() - LATE_MS)
  const start = guard.stepStartedAt.getTime()
  const said = guard.verdict as RolloutVerdict | null
  const first = new Date(start + guard.observeSeconds * 1_000)
  const from = new Date(Math.max(start, to.getTime() - LONGEST_MS))
  return { guard, from, to, decidesAt: said ? new Date(said.decidesAt) : first }
}

const stepText = ({ steps, step }: GuardRow, of = step) => `step ${of + 1} of ${steps.length}`

async function widen(caller: Caller, guard: GuardRow, verdict: RolloutVerdict): Promise<void> {
  const { name, channel, version, baseVersion, steps, revision: expectedRevision } = guard
  const step = guard.step + 1
  const weight = steps[step] ?? 100
  const arms = [
    { version: baseVersion, weight: 100 - weight },
    { version, weight },
  ]
  const reason = reasonOf(`${stepText(guard, step)}, ${weight} %`, verdict)
  const along = advance(guard, (revision) => ({ step, revision, stepStartedAt: new Date(), verdict: null }))
  await rollOutPrompt(caller, { name, channel, arms, expectedRevision, reason }, { along })
}

async function complete(caller: Caller, guard: GuardRow, verdict: RolloutVerdict): Promise<void> {
  const { name, channel, version, revision: expectedRevision } = guard
  const reason = reasonOf('rolled out to everybody', verdict)
  const along = advance(guard, (revision) => ended('completed', revision, reason, verdict, guard.steps.length - 1))
  await activatePrompt(caller, { name, channel, version, expectedRevision, reason }, along)
}

async function rollBack(caller: Caller, guard: GuardRow, verdict: RolloutVerdict): Promise<void> {
  const { name, channel } = guard
  const reason = reasonOf(`rolled back at ${stepText(guard)}`, verdict)
  const along = advance(guard, (revision) => ended('rolled_back', revision, reason, verdict, guard.step))
  await rollbackPrompt(caller, { name, channel, reason }, along)
}

/** What the history, the audit log and webhooks are told: cut where the history ends its reasons. */
const reasonOf = (what: string, { says }: RolloutVerdict) => `Guarded rollout, ${what}: ${says}`.slice(0, 500)

type Change = Parameters<typeof updateGuard>[2]

const ended = (
  state: 'completed' | 'rolled_back',
  revision: number,
  endedReason: string,
  verdict: RolloutVerdict,
  step: number,
): Change => ({ state, revision, step, endedReason, verdict, endedAt: new Date() })

/** The guard's own row, in the transaction of the move; undoes the move when either is not what was judged. */
const advance =
  (guard: GuardRow, next: (revision: number) => Change): Along =>
  async (tx, revision) => {
    const followed = revision === guard.revision + 1 && (await updateGuard(tx, guard, next(revision)))
    if (!followed) throw new AppError('conflict', 'The rollout was changed while it was judged.')
  }

/** Somebody else decides now: the guard keeps its hands off. */
async function endMoved(caller: Caller, guard: GuardRow): Promise<void> {
  const { name, channel, promptId, version, steps, step } = guard
  const [last] = await selectActivations(caller.db, { promptId, channel, limit: 1 })
  const did = last ? `${last.by} changed what is served at revision ${last.revision}` : 'What is served was changed'
  const reason = `${did}; the guard no longer watches.`
  await change(caller, 'prompts.rollout', async (tx) => {
    const change: Change = { state: 'stopped', endedReason: reason, endedAt: new Date() }
    if (!(await updateGuard(tx, guard, change))) throw new AppError('conflict', 'The rollout ended meanwhile.')
    const state = { channel, version, share: steps[step] }
    const audit = { before: { ...state, guard: 'running' }, after: { ...state, guard: 'stopped' } }
    return { result: undefined, audit: { target: name, ...audit, reason } }
  })
}
