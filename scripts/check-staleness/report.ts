import type { Judged, ReadCount } from './verdict'

const count = (value: number) => value.toLocaleString('en')

/** The run in figures, for people; the last line is the verdict. */
export function describe(verdict: Judged): string[] {
  const { reads, writes, done, seconds, stale, otherViolations } = verdict
  const answered = Object.values(reads).reduce((sum, { answered }) => sum + answered, 0)
  const lines = Object.entries(reads).map(([path, each]) => describeReads(path, each))
  lines.push(
    `activations and rollbacks: ${count(writes.acknowledged)} acknowledged (${count(writes.appliedLater)} of them applied by the relay later), ` +
      `${count(writes.refused)} refused with 409, ${count(writes.unanswered)} without a reply (${count(writes.unansweredButCommitted)} of them had happened)`,
  )
  if (done)
    lines.push(
      `faults: ${count(done.kills)} processes killed with -9 (${count(done.killedBeforeApply)} between commit and apply), ` +
        `${count(done.pauses)} gateways paused, Redis frozen ${count(done.freezes)} times, ${count(done.evictions)} keys evicted`,
    )
  lines.push(
    `${count(Math.round(seconds))} s, ${count(Math.round(answered / seconds))} reads/s, ${(writes.acknowledged / seconds).toFixed(1)} activations/s`,
  )
  lines.push(
    `${count(stale)} stale reads of ${count(answered)}${otherViolations > 0 ? `, ${count(otherViolations)} other violations` : ''}`,
  )
  return lines
}

function describeReads(path: string, { answered, failed, declaredStale, oldestMs, sources }: ReadCount): string {
  const from = Object.entries(sources).map(([source, reads]) => `${count(reads)} from ${source}`)
  return [
    `reads, ${path}: ${count(answered)} answered`,
    ...(from.length > 0 ? [from.join(', ')] : []),
    `${count(failed)} failed`,
    ...(declaredStale > 0 ? [`${count(declaredStale)} said that they may be old`] : []),
    `oldest ${oldestMs.toFixed(1)} ms behind`,
  ].join('; ')
}
