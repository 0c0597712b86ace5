import { Link } from '@/components/ui/link'
import type { ReactNode } from 'react'
import type { VerdictItem } from '@/components/feedback/verdicts'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { agoText } from '@/components/format/duration'
import { clockTime, dayMonth, dayTime } from '@/components/format/instant'
import { moneyApprox } from '@/components/format/money'
import { percentText } from '@/components/format/percent'
import { servedText } from '@/components/format/served'
import { familyNames, groupName } from '@/components/cache/lookup-words'
import { boardHref } from '@/components/leaderboards/board-words'
import { promptHref } from '@/components/prompts/prompt-href'
import { Button } from '@/components/ui/button'
import type { Culprit } from '@/server/services/cache/culprit'
import type { Activation } from '@/server/services/overview/activation-marks'
import type { Verdict } from '@/server/services/overview/verdicts'

export type Wording = {
  timezone: string
  /** ISO date of the answer. */
  now: string
  /** Whose hit rate: "Hit rate of northwind"; the whole instance's without it. */
  of?: string
  /** What the range is compared with: "the 6 h before". */
  before: string
  /** The family whose parts the page shows. */
  family?: Culprit['family'] | null
  /** An address within the same scope. */
  link: (href: string) => string
  activationLink: (activation: Activation) => string
  culpritLink: (culprit: Culprit) => string
  /** The page that shows this strip, which needs no link to itself. */
  page: '/' | '/cache'
}

/** A finding in words, with the way to what explains it. */
export function verdictItem(verdict: Verdict, wording: Wording, index: number): VerdictItem {
  const { kind: key, severity } = verdict
  return { key, severity, ...wordsOf(verdict, { ...wording, first: index === 0 }) }
}

/** The worst finding carries the button that stands out. */
type Place = Wording & { first: boolean }
type Words = Pick<VerdictItem, 'text' | 'note' | 'actions'>

function wordsOf(verdict: Verdict, wording: Place): Words {
  switch (verdict.kind) {
    case 'redis-down':
      return {
        text: `Redis has not answered since ${dayTime(verdict.since, wording.timezone, wording.now)}`,
        note: 'figures of Redis are from before; usage and prompts go on from Postgres',
      }
    case 'worker-silent':
      return {
        text: verdict.newestAt
          ? `The newest sample of Redis is from ${agoText(Date.parse(wording.now) - Date.parse(verdict.newestAt))}`
          : 'Redis was never sampled',
        note: 'is the worker running? It takes a sample every 5 s: npm run start:worker',
      }
    case 'hit-rate-fell':
      return {
        text: fell(`Hit rate${hitRateOf(verdict, wording)} fell`, verdict, percentText, wording),
        note: [`${points(verdict)} points`, ...culpritText(verdict.culprit)].join(' · '),
        actions: (
          <>
            {verdict.culprit && narrow(verdict.culprit, wording)}
            {compare(verdict.after, wording) ?? open('/cache', 'Open Cache', wording)}
          </>
        ),
      }
    case 'hit-rate-lower':
      return {
        text: `Hit rate${wording.of ? ` of ${wording.of}` : ''} ${percentText(verdict.now)}, ${points(verdict)} points below ${wording.before}`,
        note: `was ${percentText(verdict.was)}; it fell before this range began`,
        actions: open('/cache', 'Open Cache', wording),
      }
    case 'cost-rose':
      return {
        text: fell('Cost of a request rose', verdict, moneyApprox, wording),
        note: `${percentText(verdict.now / verdict.was - 1)} more per request, whatever the traffic`,
        actions: compare(verdict.after, wording) ?? open('/usage', 'Open Usage', wording),
      }
    case 'errors':
      return {
        text: `${percentText(verdict.share)} of ${count(verdict.requests)} requests failed`,
        note: 'errors and timeouts as the applications report them',
        actions: open('/usage', 'Open Usage', wording),
      }
    case 'memory-nearly-full':
      return {
        text: `Redis uses ${bytesText(verdict.usedBytes)} of ${bytesText(verdict.maxBytes)}`,
        note: fullNote(verdict.policy),
        actions: open('/cache', 'Open Cache', wording),
      }
    case 'evictions':
      return {
        text: `Redis evicted ${count(verdict.evicted)} ${verdict.evicted === 1 ? 'key' : 'keys'}`,
        note: `policy ${verdict.policy}: memory was full`,
        actions: open('/cache', 'Open Cache', wording),
      }
    case 'sessions-evictable':
      return {
        text:
          verdict.evicted === 0
            ? 'Sessions share memory with what may be evicted'
            : `Sessions live under ${verdict.policy} and ${count(verdict.evicted)} ${verdict.evicted === 1 ? 'key was' : 'keys were'} evicted: they can be logged out at random`,
        note: `policy ${verdict.policy} · ${count(verdict.sessions)} live sessions, which only Redis has · ${
          verdict.evicted === 0 ? 'nothing evicted so far' : `${count(verdict.evicted)} keys evicted`
        } · safe: a Redis of their own, or volatile-lru with a longer time to live`,
      }
    case 'budget-used-up':
      return {
        text: `${listed(verdict.names)} ${verdict.names.length === 1 ? 'is' : 'are'} used up`,
        note:
          verdict.names.length === 1
            ? 'all of this budget is spent, or more'
            : 'all of these budgets is spent, or more',
        actions: open('/usage/budgets', 'See the budgets', wording),
      }
    case 'budget-will-be-used-up':
      return {
        text: `${listed(verdict.names)} will be used up before the period ends`,
        note: `${verdict.names.length === 1 ? 'about' : 'the first about'} ${dayMonth(verdict.earliest, verdict.timezone)}, if it goes on like this`,
        actions: open('/usage/budgets', 'See the budgets', wording),
      }
    case 'boards-differ':
      return driftWords(verdict, wording)
    case 'recall-below-target':
      return missingWords(verdict, wording)
    case 'approval-waits':
      return {
        text: waitsText(verdict),
        note: `asked for ${agoText(Date.parse(wording.now) - Date.parse(verdict.oldest.at))}${verdict.count > 1 ? ', the oldest' : ''} · a second person has to approve it`,
        actions: (
          <Button asChild>
            <Link href={wording.link(`${promptHref(verdict.oldest.name)}?channel=${verdict.oldest.channel}`)}>
              Look at it
            </Link>
          </Button>
        ),
      }
    case 'unpriced':
      return {
        text: `${count(verdict.requests)} ${verdict.requests === 1 ? 'request has' : 'requests have'} no known price`,
        note: 'counted as unpriced, never as free',
        actions: open('/usage/prices?view=unpriced', 'See what waits', wording),
      }
    case 'quiet':
      return {
        text: `${capital(numberWord(verdict.checks.length))} ${verdict.checks.length === 1 ? 'check is' : 'checks are'} quiet`,
        note: verdict.checks.join(' · '),
      }
  }
}

function driftWords({ boards }: Verdict & { kind: 'boards-differ' }, { timezone, now, link }: Place): Words {
  const [board, ...others] = boards
  if (!board) return { text: 'No ranking differs from its ledger' }
  const more = others.length > 0 && `, and ${count(others.length)} more`
  const [who, differ] = board.members === 1 ? ['member', 'differs'] : ['members', 'differ']
  return {
    text: `The ranking of ${board.name} is not its ledger: ${count(board.members)} ${who} ${differ}${more || ''}`,
    note: `compared at ${dayTime(board.at, timezone, now)} · the ledger is the truth: reconcile rebuilds the ranking from it`,
    actions: (
      <Button asChild>
        <Link href={link(boardHref(board))}>Look at it</Link>
      </Button>
    ),
  }
}

function missingWords({ tenants, worst }: Verdict & { kind: 'recall-below-target' }, { link }: Place): Words {
  const [first, ...others] = worst
  if (!first) return { text: 'No memory finds less than wanted' }
  const more = tenants > worst.length ? [...others, { tenant: `${count(tenants - worst.length)} more` }] : others
  return {
    text: `Searches of ${[first, ...more].map(({ tenant }) => tenant).join(', ')} find less than wanted`,
    note: `recall ${first.recall.toFixed(3)} of ${first.target}${tenants > 1 ? `, of ${first.tenant}` : ''}, as measured last`,
    actions: (
      <Button asChild>
        <Link href={link(`/vectors?${new URLSearchParams({ memory: first.tenant, find: first.tenant })}`)}>
          Look at it
        </Link>
      </Button>
    ),
  }
}

const wentText = { activate: 'went live', rollback: 'was rolled back to', rollout: 'was rolled out' } as const

function waitsText({ count: n, oldest: { name, channel, version, by } }: Verdict & { kind: 'approval-waits' }) {
  if (n > 1) return `${count(n)} changes of prompts wait for approval`
  return `${by} asks for ${name} v${version} on ${channel}`
}

type Step = { was: number; now: number; at: string; after: Activation | null }

/** "Hit rate fell from 81.2 % to 64.0 % at 14:03, after support-reply v12 went live". */
function fell(
  what: string,
  { was, now, at, after }: Step,
  write: (value: number) => string,
  wording: Wording,
): ReactNode {
  const { timezone, now: today } = wording
  const change = `${what} from ${write(was)} to ${write(now)} at ${dayTime(at, timezone, today)}`
  if (!after) return change
  return (
    <>
      {change}, after{' '}
      <b className="font-semibold">
        {after.name} {servedText(after)}
      </b>{' '}
      {wentText[after.kind]} at {clockTime(after.at, timezone)}
    </>
  )
}

function compare(after: Activation | null, { activationLink, first }: Place): ReactNode {
  if (!after) return undefined
  return (
    <Button asChild variant={first ? 'primary' : 'outline'}>
      <Link href={activationLink(after)}>Compare before and after</Link>
    </Button>
  )
}

function culpritText(culprit: Culprit | undefined): string[] {
  if (!culprit) return []
  const who = `${groupName(culprit)}: ${percentText(culprit.share)} of the extra misses`
  const { usdPerHour } = culprit
  return usdPerHour > 0 ? [who, `about ${moneyApprox(usdPerHour)} more per hour`] : [who]
}

function narrow(culprit: Culprit, { culpritLink, of, family, page }: Place): ReactNode {
  const { namespace, tenant } = culprit
  const shown =
    culprit.family === 'answers' ? of === `${namespace} / ${tenant}` : culprit.family === family && of === tenant
  if (shown) return undefined
  return (
    <Button asChild>
      <Link href={culpritLink(culprit)}>{page === '/cache' ? 'Show only these' : 'Open in Cache'}</Link>
    </Button>
  )
}

function open(
  href: '/cache' | '/usage' | '/usage/budgets' | '/usage/prices?view=unpriced',
  label: string,
  { link, page }: Wording,
): ReactNode {
  if (href === page) return undefined
  return (
    <Button asChild>
      <Link href={link(href)}>{label}</Link>
    </Button>
  )
}

const NAMED = 3
const listed = (names: string[]) =>
  names.length > NAMED
    ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more budgets`
    : `${names.length === 1 ? 'Budget' : 'Budgets'} ${names.join(', ')}`

const hitRateOf = ({ family }: { family?: Culprit['family'] }, { of }: Wording) =>
  [family && ` of ${familyNames[family]}`, of && ` of ${of}`].filter(Boolean).join('')

const points = ({ was, now }: { was: number; now: number }) => ((was - now) * 100).toFixed(1)

const fullNote = (policy: string) =>
  policy === 'noeviction'
    ? 'policy noeviction: once full, writes are refused'
    : `policy ${policy}: once full, keys are evicted`

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const numberWord = (n: number) => numbers[n] ?? String(n)
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
