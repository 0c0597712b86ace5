import { selectModels, tenantsByModel } from '@/db/postgres/queries/embedding-models'
import type { Stores } from '@/server/services/context'

/** So many can be registered, and are listed. */
export const MOST_MODELS = 100

/** The models that Engram can embed by, the built-in one first; never a key. */
export async function listModels({ db }: Pick<Stores, 'db'>) {
  const [models, tenants] = await Promise.all([selectModels(db, MOST_MODELS + 1), tenantsByModel(db)])
  return models.map(({ sealedKey, createdAt, ...model }) => ({
    ...model,
    local: model.endpoint === null,
    hasKey: sealedKey !== null,
    tenants: tenants.get(model.name) ?? 0,
    createdAt: createdAt.toISOString(),
  }))
}
export type ListedModel = Awaited<ReturnType<typeof listModels>>[number]
