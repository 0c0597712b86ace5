import { type Commit, type Entry, type Path, type Read, readLogs, type Write } from './history'
import type { Done } from './nemesis'
import { type Finding, judge } from './judge'

export type ReadCount = {
  answered: number
  failed: number
  /** Answers that said themselves that they may be old. */
  declaredStale: number
  /** Milliseconds by which the oldest answer was behind an acknowledgement. */
  oldestMs: number
  sources: Record<string, number>
}

export type Verdict = {
  reads: Partial<Record<Path, ReadCount>>
  /** Activations and rollbacks by what came of them; `appliedLater` are acknowledged ones that the relay had to apply. */
  writes: {
    acknowledged: number
    appliedLater: number
    refused: number
    unanswered: number
    unansweredButCommitted: number
  }
  stale: number
  otherViolations: number
  /** The first of both. */
  findings: Finding[]
}

/** A verdict with what led to it. */
export type Judged = Verdict & { done: Done | null; seconds: number; files: string[] }

const MOST_FINDINGS = 20

/** Judges the logs of a run: the writes at once, the reads one after the other, so that memory does not grow with them. */
export async function judgeLogs({
  writes: writeFile,
  reads,
  commits,
}: {
  writes: string
  reads: readonly string[]
  commits: readonly Commit[] | null
}): Promise<Verdict> {
  const writes: Write[] = []
  for await (const entry of readLogs([writeFile])) if (isWrite(entry)) writes.push(entry)
  const judgement = judge(writes, commits)
  const findings = judgement.writes()
  const verdict: Verdict = {
    reads: {},
    writes: countWrites(writes, commits),
    stale: 0,
    otherViolations: findings.length,
    findings,
  }
  for await (const entry of readLogs(reads)) {
    if (entry.type !== 'read' && entry.type !== 'failed-read' && entry.type !== 'sources') continue
    const count = (verdict.reads[entry.path] ??= { answered: 0, failed: 0, declaredStale: 0, oldestMs: 0, sources: {} })
    if (entry.type === 'sources') addSources(count, entry.counts)
    else if (entry.type === 'failed-read') count.failed++
    else {
      countRead(count, entry, judgement.ageMs(entry))
      const finding = judgement.read(entry)
      if (finding) verdict[finding.stale ? 'stale' : 'otherViolations']++
      if (finding && findings.length < MOST_FINDINGS) findings.push(finding)
    }
  }
  return verdict
}

const isWrite = (entry: Entry): entry is Write =>
  entry.type === 'invoke' ||
  entry.type === 'ok' ||
  entry.type === 'fail' ||
  entry.type === 'info' ||
  entry.type === 'settled'

function countWrites(writes: readonly Write[], commits: readonly Commit[] | null): Verdict['writes'] {
  const committed = new Set(commits?.map(({ op }) => op))
  const unanswered = writes.filter(({ type }) => type === 'info')
  const acknowledged = writes.filter((write) => write.type === 'ok')
  return {
    acknowledged: acknowledged.length,
    appliedLater: acknowledged.filter(({ applied }) => !applied).length,
    refused: writes.filter(({ type }) => type === 'fail').length,
    unanswered: unanswered.length,
    unansweredButCommitted: unanswered.filter((write) => 'op' in write && committed.has(write.op)).length,
  }
}

function countRead(count: ReadCount, read: Read, ageMs: number): void {
  count.answered++
  if (read.declaredStale) count.declaredStale++
  else count.oldestMs = Math.max(count.oldestMs, ageMs)
  if (read.path === 'sdk') addSources(count, { [read.source]: 1 })
}

export function addSources(count: ReadCount, more: Record<string, number>): void {
  for (const [source, reads] of Object.entries(more)) count.sources[source] = (count.sources[source] ?? 0) + reads
}
