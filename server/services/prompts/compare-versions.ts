import { selectContents } from '@/db/postgres/queries/prompt-pages'
import { selectPrompt } from '@/db/postgres/queries/prompts'
import type { Stores } from '@/server/services/context'
import type { CompareVersions } from './prompt-pages.schema'
import { unknownPrompt, unknownVersion } from './unknown'

/** Two versions, whole; `against` null compares with nothing. @throws AppError `not_found` with the field. */
export async function compareVersions({ db }: Pick<Stores, 'db'>, { name, version, against }: CompareVersions) {
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  const wanted = against === null ? [version] : [version, against]
  const contents = await selectContents(db, { promptId: prompt.id, versions: wanted })
  const of = (number: number) => {
    const content = contents.find((candidate) => candidate.version === number)
    if (!content) throw unknownVersion(name, number)
    return content
  }
  return { version: of(version), against: against === null ? null : of(against) }
}
export type ComparedVersions = Awaited<ReturnType<typeof compareVersions>>
export type WholeVersion = ComparedVersions['version']
