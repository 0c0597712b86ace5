import {
  countKeyFamilies,
  deleteKeyFamily,
  insertKeyFamily,
  MOST_KEY_FAMILIES,
} from '@/db/postgres/queries/key-families'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { DeclareFamily } from './census.schema'

/** Gives keys of other software a name; the next census counts them under it. @throws AppError `conflict` */
export function declareFamily(caller: Caller, family: DeclareFamily) {
  return change(caller, 'cache.declare-family', async (tx) => {
    if ((await countKeyFamilies(tx)) >= MOST_KEY_FAMILIES)
      throw new AppError('conflict', `There are ${MOST_KEY_FAMILIES} declared families, and no more can be added.`)
    if (!(await insertKeyFamily(tx, { ...family, createdBy: caller.actor.name })))
      throw new AppError('conflict', `There is a family named ${family.name}, or one of the pattern ${family.pattern}.`)
    return { result: { name: family.name }, audit: { target: family.name, after: family } }
  })
}

/** Its keys are counted by their prefix again. @throws AppError `not_found` */
export function forgetFamily(caller: Caller, { name }: { name: string }) {
  return change(caller, 'cache.forget-family', async (tx) => {
    const gone = await deleteKeyFamily(tx, name)
    if (!gone) throw new AppError('not_found', `There is no declared family named ${name}.`)
    return { result: { name }, audit: { target: name, before: gone } }
  })
}
