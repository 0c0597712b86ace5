import { insertModel, selectModels } from '@/db/postgres/queries/embedding-models'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { isRefused } from '@/server/services/webhooks/webhook-address'
import { askEndpoint, EndpointError } from './ask-endpoint'
import { MOST_MODELS } from './list-models'
import type { RegisterModel } from './models.schema'
import { sealKey } from './seal-key'

const TEST_MS = 15_000
const TEST_TEXT = 'Engram asks whether this endpoint embeds.'

/** Registers a model whose endpoint has embedded one sentence. @throws AppError that names what is wrong with it */
export async function registerModel(caller: Caller, input: RegisterModel): Promise<{ name: string }> {
  requireRole(caller.actor, 'vectors.register-model')
  const { name, dimensions, key, pricePerMillion, batchSize, requestsPerMinute } = input
  const endpoint = endpointOf(input.endpoint)
  await test({ endpoint, key, model: name, dimensions })
  return change(caller, 'vectors.register-model', async (tx) => {
    if ((await selectModels(tx, MOST_MODELS)).length >= MOST_MODELS)
      throw new AppError('conflict', `There are ${MOST_MODELS} models already.`)
    const shown = { dimensions, endpoint, pricePerMillion, batchSize, requestsPerMinute }
    const sealedKey = key === null ? null : sealKey(key, name)
    if (!(await insertModel(tx, { name, ...shown, sealedKey, createdBy: caller.actor.name })))
      throw new AppError('conflict', 'name: is taken', { field: 'name' })
    return { result: { name }, audit: { target: name, after: { ...shown, key: key !== null } } }
  })
}

/** Without what would be sent along unseen. */
function endpointOf(text: string): string {
  const url = new URL(text)
  const wrong = (message: string) => new AppError('bad_request', `endpoint: ${message}`, { field: 'endpoint' })
  if (url.username || url.password) throw wrong('holds a password; give it as the key')
  if (url.search || url.hash) throw wrong('may not have a query')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isRefused(host)) throw wrong(`${host} is link-local or unspecified: nothing is asked there`)
  return url.href.replace(/\/+$/, '')
}

async function test(endpoint: Parameters<typeof askEndpoint>[0]): Promise<void> {
  try {
    await askEndpoint(endpoint, [TEST_TEXT], { deadlineMs: TEST_MS })
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error
    const field = error.message.includes('registered with') ? 'dimensions' : 'endpoint'
    throw new AppError('conflict', `${field}: ${error.message}`, { field, cause: error })
  }
}
