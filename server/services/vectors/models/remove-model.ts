import { deleteModel, tenantInNeedOf } from '@/db/postgres/queries/embedding-models'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { ModelRef } from './models.schema'

/** Forgets a model, its address and its key. Vectors that it made stay where they are. */
export async function removeModel(caller: Caller, { name }: ModelRef): Promise<{ name: string }> {
  return change(caller, 'vectors.remove-model', async (tx) => {
    const needs = await tenantInNeedOf(tx, name)
    if (needs !== null)
      throw new AppError('conflict', `${needs} is being embedded by it: cancel that first.`, { field: 'name' })
    const row = await deleteModel(tx, name)
    if (!row) throw new AppError('not_found', `There is no model ${name}.`, { field: 'name' })
    if (row.endpoint === null) throw new AppError('conflict', 'The built-in model stays.', { field: 'name' })
    const { dimensions, endpoint, pricePerMillion } = row
    return { result: { name }, audit: { target: name, before: { dimensions, endpoint, pricePerMillion } } }
  })
}
