import { selectFlag } from '@/db/postgres/queries/flags'
import type { Caller } from '@/server/services/context'
import { type ChangedFlag, changeFlag, createFlag } from './change-flag'
import type { PutFlag } from './flags.schema'
import { noSuchFlag } from './no-such-flag'

/** Sets a flag, and makes it where there is none; for a single tenant there must be one. */
export async function putFlag(caller: Caller, { name, ...input }: PutFlag & { name: string }): Promise<ChangedFlag> {
  const { description, tenant, expectedRevision, reason, ...rules } = input
  if (!(await selectFlag(caller.db, name))) {
    if (tenant !== undefined || expectedRevision !== undefined) throw noSuchFlag(name)
    return createFlag(caller, { name, description: description ?? null, ...rules })
  }
  return changeFlag(caller, { name, tenant: tenant ?? null, rules, expectedRevision, reason: reason ?? null })
}
