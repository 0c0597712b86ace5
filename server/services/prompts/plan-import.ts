import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '@/server/errors'
import type { ActivationOfHistory, ImportReport, PromptDocument, VersionOfHistory } from './history.schema'

/** A version that is there; `digest` is the SHA-256 of its content, in hex. */
export type KnownVersion = { version: number; digest: string; model: string | null; config: Record<string, unknown> }
export type ImportPlan = { add: VersionOfHistory[]; activations: ActivationOfHistory[]; report: ImportReport }

type Options = {
  name: string
  document: PromptDocument
  /** Null: there is no prompt of that name. */
  known: readonly KnownVersion[] | null
  /** Channels on which nobody may make something live alone. */
  needApproval: readonly string[]
}

/**
 * What an import would do. A new prompt gets the whole history; to an existing one newer versions are added, and what it
 * serves stays as it is. @throws AppError `conflict` that names the first version that says something else.
 */
export function planImport({ name, document, known, needApproval }: Options): ImportPlan {
  const { versions, activations } = document
  for (const [index, version] of versions.entries()) {
    const other = known?.[index]
    if (other && !saysTheSame(version, other))
      throw new AppError(
        'conflict',
        `Version ${version.version} of ${name} says something else. Nothing was imported.`,
        {
          field: `versions.${index}`,
        },
      )
  }
  const add = versions.slice(known?.length ?? 0)
  const kept = known ? [] : activations.filter(({ channel }) => !needApproval.includes(channel))
  const live = new Map(kept.map(({ channel, version, revision }) => [channel, { channel, version, revision }]))
  return {
    add,
    activations: kept,
    report: {
      name,
      created: known === null,
      versions: { added: add.map(({ version }) => version), same: versions.length - add.length },
      activations: { added: kept.length, left: activations.length - kept.length },
      channels: [...live.values()],
      withheld: known ? [] : needApproval.filter((channel) => activations.some((row) => row.channel === channel)),
    },
  }
}

const saysTheSame = (version: VersionOfHistory, known: KnownVersion) =>
  createHash('sha256').update(version.content).digest('hex') === known.digest &&
  version.model === known.model &&
  isDeepStrictEqual(version.config, known.config)

/** Whether there is anything to do at all: importing twice changes nothing. */
export const changesNothing = ({ report }: ImportPlan) => !report.created && report.versions.added.length === 0
