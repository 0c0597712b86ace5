import { randomUUID } from 'node:crypto'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import type { Caller } from '@/server/services/context'
import { type Log, now } from './history'

export const CHANNEL = 'production'
export const VERSIONS = 5

/** What a version says, so that a reader can tell whether a content belongs to it. */
export const contentOf = (prompt: string, version: number) => `This is version ${version} of ${prompt} for {{user}}.`

/** Prompts that nobody else has, with their versions and the first one active. */
export async function preparePrompts(caller: Caller, count: number, writes: Log): Promise<string[]> {
  const run = randomUUID()
  const names = Array.from({ length: count }, (_, index) => `check/${run}/${index}`)
  for (const name of names) {
    await createPrompt(caller, { name })
    for (let version = 1; version <= VERSIONS; version++)
      await createVersion(caller, { name, content: contentOf(name, version), force: false })
    const op = `first ${name}`
    writes.write({ type: 'invoke', op, prompt: name, verb: 'activate', by: 'setup', at: now() })
    const { revision, version, appliedAt } = await activatePrompt(caller, {
      name,
      version: 1,
      channel: CHANNEL,
      reason: op,
    })
    writes.write({ type: 'ok', op, prompt: name, at: now(), revision, version, applied: appliedAt !== null })
  }
  return names
}
