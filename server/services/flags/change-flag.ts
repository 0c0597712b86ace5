import { randomUUID } from 'node:crypto'
import type { Transaction } from '@/db/postgres/client'
import {
  countFlags,
  deleteFlagRow,
  insertFlag,
  insertFlagChange,
  lockFlag,
  MOST_FLAGS,
  saveOverride,
  selectFlag,
  selectLastRevision,
  selectOverride,
  updateFlag,
} from '@/db/postgres/queries/flags'
import { insertFlagNote } from '@/db/postgres/queries/outbox'
import type { FlagRules } from '@/db/postgres/schema/flags'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { requireTenantRow } from '@/server/services/usage/prices/add-override'
import { applyFlag } from './apply-flag'
import { type ChangeFlag, type CreateFlag, type DeleteFlag, keptRules } from './flags.schema'
import { noSuchFlag } from './no-such-flag'

export type ChangedFlag = { name: string; revision: number; committedAt: string; applied: boolean }

/** @throws AppError `conflict` when there is one of that name, or too many. */
export async function createFlag(caller: Caller, { name, description, ...input }: CreateFlag): Promise<ChangedFlag> {
  const rules = keptRules(input)
  const written = await change(caller, 'flags.create', async (tx) => {
    if ((await countFlags(tx)) >= MOST_FLAGS) throw new AppError('conflict', `There are ${MOST_FLAGS} flags already.`)
    const revision = (await selectLastRevision(tx, name)) + 1
    const flag = { name, description, ...rules, salt: randomUUID(), revision, createdBy: caller.actor.name }
    if (!(await insertFlag(tx, flag)))
      throw new AppError('conflict', 'There is a flag of this name already.', { field: 'name' })
    const result = await record(tx, caller, { name, revision, tenant: null, before: null, after: rules, reason: null })
    return { result, audit: { target: name, after: rules } }
  })
  return told(caller, written)
}

/**
 * Sets the rules of a flag, for all or for one tenant, in one transaction with its history, audit and outbox rows.
 * @throws AppError `not_found`; `conflict` when it was changed since `expectedRevision`.
 */
export async function changeFlag(caller: Caller, input: ChangeFlag): Promise<ChangedFlag> {
  const { name, tenant, expectedRevision, reason } = input
  const after = input.rules && keptRules(input.rules)
  if (tenant === null && after === null)
    throw new AppError('bad_request', 'rules: must be given for all tenants.', { field: 'rules' })
  const written = await change(caller, 'flags.change', async (tx) => {
    const flag = await lockFlag(tx, name)
    if (!flag) throw noSuchFlag(name)
    if (expectedRevision !== undefined && expectedRevision !== flag.revision)
      throw new AppError('conflict', `Somebody changed it meanwhile: it is at revision ${flag.revision}.`, {
        field: 'expectedRevision',
      })
    if (tenant !== null) await requireTenantRow(tx, tenant)
    const { enabled, share, users, groups } = flag
    const before = tenant === null ? { enabled, share, users, groups } : await selectOverride(tx, name, tenant)
    const revision = flag.revision + 1
    if (tenant !== null) await saveOverride(tx, name, tenant, after)
    await updateFlag(tx, name, { ...(tenant === null && after), revision, changedAt: new Date() })
    const result = await record(tx, caller, { name, revision, tenant, before, after, reason })
    return {
      result,
      audit: { target: name, before: { tenant, rules: before }, after: { tenant, rules: after }, reason },
    }
  })
  return told(caller, written)
}

/** Asking for it answers 404 from then on; its history stays. */
export async function deleteFlag(caller: Caller, { name, reason }: DeleteFlag): Promise<ChangedFlag> {
  const written = await change(caller, 'flags.delete', async (tx) => {
    const flag = await lockFlag(tx, name)
    if (!flag) throw noSuchFlag(name)
    const { enabled, share, users, groups } = flag
    const before = { enabled, share, users, groups }
    const revision = flag.revision + 1
    // What held for single tenants goes with it, and that stands in their history.
    const known = await selectFlag(tx, name)
    for (const [tenant, before] of Object.entries<FlagRules>(known?.overrides ?? {}))
      await record(tx, caller, { name, revision, tenant, before, after: null, reason })
    await deleteFlagRow(tx, name)
    const result = await record(tx, caller, { name, revision, tenant: null, before, after: null, reason })
    return { result, audit: { target: name, before, reason } }
  })
  return told(caller, written)
}

type Recorded = {
  name: string
  revision: number
  tenant: string | null
  before: FlagRules | null
  after: FlagRules | null
  reason: string | null
}

async function record(tx: Transaction, { actor }: Pick<Caller, 'actor'>, { name, ...changed }: Recorded) {
  const at = new Date()
  const by = { actorKind: actor.kind, actorId: actor.id, actorName: actor.name }
  await insertFlagChange(tx, { flag: name, ...changed, ...by, at })
  return { at, note: await insertFlagNote(tx, { name, revision: changed.revision }) }
}

async function told(caller: Caller, { at, note }: Awaited<ReturnType<typeof record>>): Promise<ChangedFlag> {
  return { ...note.flag, committedAt: at.toISOString(), applied: await applyFlag(caller, note) }
}
