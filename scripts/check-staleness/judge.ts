import type { Commit, Outcome, Path, Read, Write } from './history'
import { writesByPrompt } from './acknowledged'

/** R4: how old, in milliseconds, what a read returns may be at its beginning. */
export const LIMITS_MS: Record<Path, number> = { shared: 0, gateway: 250, sdk: 250 }

export type Finding = { stale: boolean; says: string; prompt: string; began: number; ended: number }

/**
 * Judges a history. A revision counts from the moment that somebody was told of it; an activation without a reply binds
 * no read before it is settled. `commits` is null while the history still grows: then only ages are judged.
 */
export function judge(writes: readonly Write[], commits: readonly Commit[] | null) {
  const prompts = writesByPrompt(writes)
  const committed = commits && new Map(commits.map((commit) => [keyOf(commit), commit]))

  const ageMs = ({ prompt, revision, began }: Read): number => {
    const overtaken = prompts.get(prompt)?.overtakenAt(revision) ?? Infinity
    return (began - overtaken) / 1_000
  }

  const isStale = (read: Read) => !read.declaredStale && ageMs(read) > LIMITS_MS[read.path]

  const faultOf = (read: Read): string | null => {
    if (isStale(read))
      return `stale: revision ${read.revision} came from ${read.source} ${ageMs(read).toFixed(3)} ms after a newer one was acknowledged`
    if (!read.intact) return `the content is not that of version ${read.version}`
    const askedAt = prompts.get(read.prompt)?.askedAt(read.revision) ?? -Infinity
    if (read.ended < askedAt) return `revision ${read.revision} was read before anybody asked for it`
    if (!committed) return null
    const commit = committed.get(keyOf(read))
    if (!commit) return `revision ${read.revision} was never committed`
    if (commit.version !== read.version)
      return `revision ${read.revision} is version ${commit.version}, not ${read.version}`
    return null
  }

  return {
    /** Milliseconds between the acknowledgement of something newer and the beginning of the read; below 0: none yet. */
    ageMs,
    read: (read: Read): Finding | null => {
      const says = faultOf(read)
      const { prompt, began, ended, by } = read
      return says === null ? null : { stale: isStale(read), says: `${by}: ${says}`, prompt, began, ended }
    },
    writes: (): Finding[] => (commits ? faultsOfWrites(writes, commits) : []),
  }
}

const keyOf = ({ prompt, revision }: { prompt: string; revision: number }) => `${revision} ${prompt}`

/** What was acknowledged happened, once; what was refused did not; what has no reply happened at most once. */
function faultsOfWrites(writes: readonly Write[], commits: readonly Commit[]): Finding[] {
  const rows = new Map<string, Commit[]>()
  for (const commit of commits) if (commit.op) rows.set(commit.op, [...(rows.get(commit.op) ?? []), commit])
  return writes
    .filter((write): write is Outcome => write.type === 'ok' || write.type === 'fail' || write.type === 'info')
    .flatMap((outcome) => {
      const says = faultOfOutcome(outcome, rows.get(outcome.op) ?? [])
      return says === null
        ? []
        : [
            {
              stale: false,
              says: `${outcome.op}: ${says}`,
              prompt: outcome.prompt,
              began: outcome.at,
              ended: outcome.at,
            },
          ]
    })
}

function faultOfOutcome(outcome: Outcome, rows: readonly Commit[]): string | null {
  if (rows.length > 1) return `asked for once, committed ${rows.length} times`
  const [row] = rows
  if (outcome.type !== 'ok')
    return outcome.type === 'fail' && row ? `refused, but committed as revision ${row.revision}` : null
  if (!row) return `acknowledged as revision ${outcome.revision}, but not in the history`
  if (row.revision === outcome.revision && row.version === outcome.version) return null
  return `acknowledged as revision ${outcome.revision} of version ${outcome.version}, but the history says ${row.revision} of ${row.version}`
}
