import { count } from '@/components/format/count'
import {
  ImportPrompt,
  type ImportReport,
  MAX_DOCUMENT_BYTES,
  PromptDocument,
} from '@/server/services/prompts/history.schema'

type Read = { document: PromptDocument; error: null } | { document: null; error: string }
const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`

/** The document in a file, or what is wrong with it, in words. */
export function readDocument({ text, bytes }: { text: string; bytes: number }): Read {
  const failed = (error: string): Read => ({ document: null, error })
  if (bytes > MAX_DOCUMENT_BYTES) return failed(`The file is ${megabytes(bytes)} large; at most 16 MB can be imported.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return failed('The file is not JSON.')
  }
  const parsed = PromptDocument.safeParse(value)
  const issue = parsed.error?.issues[0]
  if (!issue) return { document: parsed.data as PromptDocument, error: null }
  return failed(
    `The file is not an export of Engram: ${[issue.path.join('.'), issue.message].filter(Boolean).join(': ')}`,
  )
}

/** Why the name will not do; null when it does. */
export const nameProblem = (name: string) => ImportPrompt.shape.name.safeParse(name).error?.issues[0]?.message ?? null

const plural = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`

/** What an import would do, one sentence per line; empty when it would do nothing. */
export function foreseen({ name, created, versions, activations, channels, withheld }: ImportReport): string[] {
  const first = versions.added[0]
  const last = versions.added.at(-1)
  const range = first === last ? `v${first}` : `v${first} to v${last}`
  if (!created)
    return versions.added.length === 0
      ? []
      : [
          `Adds ${range} to ${name}; ${plural(versions.same, 'version')} already there ${versions.same === 1 ? 'says' : 'say'} the same.`,
          `What ${name} serves stays as it is.`,
        ]
  return [
    `Creates ${name} with ${plural(versions.added.length, 'version')} and ${plural(activations.added, 'activation')}, with their authors and dates.`,
    channels.length === 0
      ? 'Nothing goes live.'
      : `Live at once: ${channels.map(({ channel, version }) => `v${version} on ${channel}`).join(', ')}.`,
    ...withheld.map((channel) => `Changes on ${channel} need a second person: nothing goes live there.`),
  ]
}
