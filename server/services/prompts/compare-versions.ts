import { selectContents } from '@/db/postgres/queries/prompt-pages'
import { selectPrompt } from '@/db/postgres/queries/prompts'
import type { Stores } from '@/server/services/context'
import { countTokens } from './count-tokens'
import type { CompareVersions } from './prompt-pages.schema'
import { tokenizerOf } from './tokenizer.schema'
import { unknownPrompt, unknownVersion } from './unknown'

/** Two versions, whole; `against` null compares with nothing. @throws AppError `not_found` with the field. */
export async function compareVersions({ db }: Pick<Stores, 'db'>, { name, version, against }: CompareVersions) {
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  const wanted = against === null ? [version] : [version, against]
  const contents = await selectContents(db, { promptId: prompt.id, versions: wanted })
  const of = async (number: number) => {
    const content = contents.find((candidate) => candidate.version === number)
    if (!content) throw unknownVersion(name, number)
    return { ...content, ...(await tokensOf(content)) }
  }
  const [shown, other] = await Promise.all([of(version), against === null ? null : of(against)])
  return { version: shown, against: other }
}
export type ComparedVersions = Awaited<ReturnType<typeof compareVersions>>
export type WholeVersion = ComparedVersions['version']

type Counted = { content: string; model: string | null; tokens: number | null; tokenizer: string | null }

/** A version from before tokens were counted is counted now: versions never change, not even for this (R2). */
async function tokensOf({ content, model, tokens, tokenizer }: Counted) {
  const { exact } = tokenizerOf(model)
  if (tokens !== null) return { tokens, tokenizer, exact }
  return { ...(await countTokens({ content, model })), exact }
}
