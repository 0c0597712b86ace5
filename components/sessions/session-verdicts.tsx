import { Age } from '@/components/feedback/age'
import { type VerdictItem, Verdicts } from '@/components/feedback/verdicts'
import { count } from '@/components/format/count'
import { Skeleton } from '@/components/ui/skeleton'
import type { SessionsReport, SessionVerdict } from '@/server/services/sessions/sessions-report'
import { sessionsText } from './session-words'

/** What is worth knowing of sessions, worst first; undefined while nobody knows yet. */
export function SessionVerdicts({ report }: { report: SessionsReport | undefined }) {
  if (!report) return <Skeleton className="h-9.5 rounded-lg" />
  return (
    <Verdicts
      items={report.verdicts.map((one) => ({ key: one.kind, severity: one.severity, ...words(one, report) }))}
    />
  )
}

function words(verdict: SessionVerdict, { check }: SessionsReport): Pick<VerdictItem, 'text' | 'note'> {
  switch (verdict.kind) {
    case 'turns-wait':
      return {
        text: `${count(verdict.count)} ${verdict.count === 1 ? 'turn waits' : 'turns wait'} for Postgres`,
        note: (
          <>
            the oldest came <Age at={verdict.oldestAt} />; nothing is lost while Redis keeps them · is the worker
            running?
          </>
        ),
      }
    case 'evictable':
      return {
        text: 'Redis may log people out by itself',
        note: `policy ${verdict.policy} may evict sessions when memory is full · ${
          verdict.evicted === 0
            ? 'nothing evicted in this range'
            : `${count(verdict.evicted)} keys evicted in this range`
        } · safe: a Redis of their own with noeviction`,
      }
    case 'index-differed':
      return {
        text: indexText(verdict),
        note: (
          <>
            found and put right <Age at={verdict.at} />
            {verdict.dropped > 0 && ' · sessions that vanish before their time were evicted, or deleted by others'}
          </>
        ),
      }
    case 'misplaced':
      return {
        text: `${sessionsText(verdict.count)} lay in the store that their namespace does not live in`,
        note: (
          <>
            found and moved <Age at={verdict.at} /> · a process that was cut off from Postgres may leave some
          </>
        ),
      }
    case 'junk':
      return {
        text: `${count(verdict.count)} ${verdict.count === 1 ? 'key is' : 'keys are'} among the sessions that Engram did not write`,
        note: `left alone: ${verdict.keys.join(' · ')}`,
      }
    case 'quiet':
      return {
        text: verdict.checks.length === 1 ? 'One check is quiet' : `${count(verdict.checks.length)} checks are quiet`,
        note: (
          <>
            {verdict.checks.join(' · ')}
            {check && (
              <>
                {' '}
                · all {count(check.sessions)} sessions held against the index <Age at={check.at} />
              </>
            )}
          </>
        ),
      }
  }
}

function indexText({ dropped, added }: { dropped: number; added: number }): string {
  const gone = dropped > 0 && `${sessionsText(dropped)} vanished before their time`
  const unknown = added > 0 && `${sessionsText(added)} ${added === 1 ? 'was' : 'were'} missing from the index`
  return [gone, unknown].filter(Boolean).join('; ')
}
