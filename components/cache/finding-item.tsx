import { Link } from '@/components/ui/link'
import type { VerdictItem } from '@/components/feedback/verdicts'
import { bytesText } from '@/components/format/bytes'
import { count, countText } from '@/components/format/count'
import { durationLong, durationText } from '@/components/format/duration'
import { shortDecimal } from '@/components/format/figure'
import { dayTime } from '@/components/format/instant'
import { Button } from '@/components/ui/button'
import type { Finding } from '@/server/services/cache/findings'
import { keyHref } from './large-keys-panel'

type Clock = { timezone: string; now: string; from: string }

/** A finding about the instance in one line: what is wrong, since when, what to do. */
export function findingItem(finding: Finding, clock: Clock): VerdictItem {
  return { key: finding.kind, severity: finding.severity, ...wordsOf(finding, clock) }
}

function wordsOf(finding: Finding, { timezone, now, from }: Clock): Pick<VerdictItem, 'text' | 'note' | 'actions'> {
  const at = (time: string) => dayTime(time, timezone, now)
  // A condition that held at the first sample of the range may be older.
  const since = (time: string | null) => {
    if (time === null) return 'since when is not known'
    return Date.parse(time) - Date.parse(from) < 60_000 ? `since ${at(from)} or longer` : `since ${at(time)}`
  }
  switch (finding.kind) {
    case 'save-failed':
      return {
        text: finding.appendOnly
          ? 'The last write to the append-only file failed'
          : 'The last snapshot of Redis failed',
        note: `${since(finding.since)} · is the disk full? Redis’ log says why; until it is mended a restart loses what came since`,
      }
    case 'connections-rejected':
      return {
        text: `Redis turned away ${count(finding.rejected)} connections`,
        note: `first at ${finding.since ? at(finding.since) : 'an unknown time'} · ${finding.maxClients === null ? 'maxclients' : `all of maxclients ${count(finding.maxClients)}`} were taken: pool connections, or raise it`,
      }
    case 'primary-link-down':
      return {
        text: 'This Redis is a replica that does not hear from its primary',
        note: `${since(finding.since)} · its answers grow old; see master_link_status`,
      }
    case 'never-saved':
      return {
        text: finding.lastSaveAt
          ? `Redis was last saved ${durationLong(Date.parse(now) - Date.parse(finding.lastSaveAt))} ago`
          : 'Redis has saved nothing since it started',
        note: `${countText(finding.changes)} changes would go with a restart · sessions and limits are only here: appendonly yes, or a save point`,
      }
    case 'no-memory-limit':
      return {
        text: 'Redis has no memory limit',
        note: `${since(finding.since)} · ${bytesText(finding.usedBytes)} used · once the machine is full the system ends it: set maxmemory and a policy`,
      }
    case 'fragmented':
      return {
        text: `${bytesText(finding.lostBytes)} of memory are lost to fragmentation`,
        note: `ratio ${shortDecimal(finding.ratio)} · ${since(finding.since)} · activedefrag yes, or a restart in quiet hours`,
      }
    case 'replica-behind':
      return {
        text: `A replica is ${bytesText(finding.bytes)} behind`,
        note: `${since(finding.since)} · a failover now would lose that much; look at its network and disk`,
      }
    case 'keys-pile-up':
      return {
        text: `Keys that never expire grew from ${countText(finding.was)} to ${countText(finding.keys)}`,
        note: `since ${at(finding.since)} · the families below say whose: give them a time to live`,
      }
    case 'big-keys':
      return {
        text: `${finding.count === 1 ? 'One key is' : `${count(finding.count)} keys are`} larger than 10 MB`,
        note: `${finding.largest.text}: ${bytesText(finding.largest.bytes)} · seen at ${at(finding.asOf)} · to read or delete it holds everybody up: split it, delete with UNLINK`,
        actions: (
          <Button asChild>
            <Link href={keyHref(finding.largest.id)}>Look at it</Link>
          </Button>
        ),
      }
    case 'slow-commands':
      return {
        text: `${finding.count === 1 ? 'One command was' : `${count(finding.count)} commands were`} slow, up to ${durationText(finding.slowestUsec / 1000)}`,
        note: `since ${at(finding.since)} · the slowest was ${finding.command} · everybody waits meanwhile: the slow log below says which keys`,
      }
  }
}
