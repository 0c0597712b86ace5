import type { Db, Transaction } from '@/db/postgres/client'
import { patiently } from '@/db/postgres/deadline'
import { requiresApproval } from '@/db/postgres/queries/channels'
import { insertActivationNote, type PendingNote } from '@/db/postgres/queries/outbox'
import {
  channelsNeedingApproval,
  insertActivations,
  insertPointers,
  insertPromptAsOf,
  insertVersions,
  selectVersionDigests,
} from '@/db/postgres/queries/prompt-histories'
import { lockPrompt, selectPrompt } from '@/db/postgres/queries/prompts'
import { change, requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { applyActivation } from './apply-activation'
import type { ImportPrompt, ImportReport, PromptDocument } from './history.schema'
import { changesNothing, planImport, type ImportPlan } from './plan-import'
import { includesOf, variablesOf } from './variables.schema'

const PATIENCE_MS = 120_000
const MOST_VERSIONS = 10_000

/**
 * Restores a prompt from its document, authors and dates included, or adds the versions that an existing one lacks.
 * Contents are restored as they were, open braces included. @throws AppError `conflict` that names the contradiction.
 */
export async function importPrompt(caller: Caller, input: ImportPrompt): Promise<ImportReport> {
  requireRole(caller.actor, 'prompts.import')
  const { document, dryRun } = input
  const name = input.name ?? document.name
  const prompt = await selectPrompt(caller.db, { name })
  const needApproval = await channelsNeedingApproval(caller.db, channelsOf(document))
  const foreseen = await planFor(caller.db, { name, document, promptId: prompt?.id ?? null, needApproval })
  if (dryRun || changesNothing(foreseen)) return foreseen.report

  const { report, notes } = await patiently(PATIENCE_MS, () =>
    change(caller, 'prompts.import', async (tx) => {
      const done = await restore(tx, { name, document })
      const { created, versions, activations, channels } = done.report
      const after = { from: document.name, created, versions: versions.added, activations: activations.added, channels }
      return { result: done, audit: { target: name, after } }
    }),
  )
  await Promise.all(notes.map((note) => applyActivation(caller, note)))
  return report
}

async function restore(tx: Transaction, { name, document }: { name: string; document: PromptDocument }) {
  const needApproval: string[] = []
  // Read so that nobody can change it before this is committed.
  for (const channel of channelsOf(document)) if (await requiresApproval(tx, channel)) needApproval.push(channel)
  const { description, by: createdBy } = document
  const created = await insertPromptAsOf(tx, { name, description, createdBy, createdAt: new Date(document.at) })
  const promptId = created ?? (await lockPrompt(tx, { name }))?.id
  if (promptId === undefined) throw new Error(`prompts: ${name} could neither be inserted nor locked`)
  const plan = await planFor(tx, { name, document, promptId: created === null ? promptId : null, needApproval })
  const importedAt = new Date()
  await insertVersions(tx, versionRows(plan, promptId, importedAt))
  await insertActivations(tx, activationRows(plan, promptId, importedAt))
  await insertPointers(tx, pointerRows(plan, promptId))
  const notes: PendingNote[] = []
  for (const { channel, revision } of plan.report.channels)
    notes.push(await insertActivationNote(tx, { promptId, name, channel, revision }))
  return { report: plan.report, notes }
}

async function planFor(
  db: Db,
  { promptId, ...options }: { name: string; document: PromptDocument; promptId: number | null; needApproval: string[] },
): Promise<ImportPlan> {
  const known = promptId === null ? null : await selectVersionDigests(db, { promptId, limit: MOST_VERSIONS })
  return planImport({ ...options, known })
}

const channelsOf = ({ activations }: PromptDocument) => [...new Set(activations.map(({ channel }) => channel))]

const versionRows = ({ add }: ImportPlan, promptId: number, importedAt: Date) =>
  add.map(({ by, at, ...version }) => ({
    ...version,
    promptId,
    variables: variablesOf(version.content),
    includes: includesOf(version.content),
    createdBy: by,
    createdAt: new Date(at),
    importedAt,
  }))

const activationRows = ({ activations }: ImportPlan, promptId: number, importedAt: Date) =>
  activations.map(({ byKind, by, at, appliedAt, ...activation }) => ({
    ...activation,
    promptId,
    actorKind: byKind,
    // Ids of people and keys mean nothing in another house.
    actorId: 'imported',
    actorName: by,
    committedAt: new Date(at),
    appliedAt: appliedAt === null ? null : new Date(appliedAt),
    importedAt,
  }))

function pointerRows({ activations }: ImportPlan, promptId: number) {
  const newest = new Map(activations.map((activation) => [activation.channel, activation]))
  return [...newest.values()].map(({ channel, version, revision, rollout, at }) => ({
    promptId,
    channel,
    version,
    revision,
    rollout,
    activatedAt: new Date(at),
  }))
}
