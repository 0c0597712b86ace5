import { bytesOfContents, selectWholeHistory, selectWholeVersions } from '@/db/postgres/queries/prompt-histories'
import { selectPrompt } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { MAX_DOCUMENT_BYTES, type PromptDocument } from './history.schema'
import type { PromptNamed } from './prompt-pages.schema'
import { unknownPrompt } from './unknown'

const MOST_VERSIONS = 10_000
const MOST_ACTIVATIONS = 50_000

/**
 * A prompt with its whole history. It holds no date of its own, so that the same history is the same text.
 * @throws AppError `not_found`; `too_large` when no import could take it back.
 */
export async function exportPrompt({ db }: Pick<Stores, 'db'>, { name }: PromptNamed): Promise<PromptDocument> {
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  const promptId = prompt.id
  if ((await bytesOfContents(db, { promptId })) > MAX_DOCUMENT_BYTES) throw tooLarge(name)
  const [versions, activations] = await Promise.all([
    selectWholeVersions(db, { promptId, limit: MOST_VERSIONS + 1 }),
    selectWholeHistory(db, { promptId, limit: MOST_ACTIVATIONS + 1 }),
  ])
  const document: PromptDocument = {
    format: 'engram.prompt',
    formatVersion: 1,
    name,
    description: prompt.description,
    by: prompt.by,
    at: prompt.at.toISOString(),
    versions: versions.map((version) => ({ ...version, at: version.at.toISOString() })),
    activations: activations.map(({ at, appliedAt, ...activation }) => ({
      ...activation,
      at: at.toISOString(),
      appliedAt: appliedAt?.toISOString() ?? null,
    })),
  }
  const fits = versions.length <= MOST_VERSIONS && activations.length <= MOST_ACTIVATIONS
  if (!fits || Buffer.byteLength(JSON.stringify(document)) > MAX_DOCUMENT_BYTES) throw tooLarge(name)
  return document
}

const tooLarge = (name: string) =>
  new AppError('too_large', `The history of ${name} is larger than the 16 MB that an import takes.`, { field: 'name' })
