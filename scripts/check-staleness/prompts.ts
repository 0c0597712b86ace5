import { randomUUID } from 'node:crypto'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import type { Caller } from '@/server/services/context'

export const CHANNEL = 'production'
export const VERSIONS = 5

/** What a version says, so that a reader can tell whether a content belongs to it. */
export const contentOf = (prompt: string, version: number) => `This is version ${version} of ${prompt} for {{user}}.`

/** Prompts that nobody else has, with their versions; nothing is active. */
export async function createPrompts(caller: Caller, count: number): Promise<string[]> {
  const run = randomUUID()
  const names = Array.from({ length: count }, (_, index) => `check/${run}/${index}`)
  for (const name of names) {
    await createPrompt(caller, { name })
    for (let version = 1; version <= VERSIONS; version++)
      await createVersion(caller, { name, content: contentOf(name, version), force: false })
  }
  return names
}
