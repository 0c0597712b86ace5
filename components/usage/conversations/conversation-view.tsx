import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@/components/ui/link'
import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { Source } from '@/components/feedback/source-note'
import { Until } from '@/components/feedback/until'
import { compactCount, count } from '@/components/format/count'
import { duration } from '@/components/format/duration'
import { missingFigure } from '@/components/format/figure'
import { dayTime } from '@/components/format/instant'
import { money } from '@/components/format/money'
import { sessionsHref } from '@/components/sessions/sessions-params'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { Stat, Stats } from '@/components/ui/stat'
import { useUsageState } from '@/components/usage/use-usage-state'
import { knownCost } from '@/components/usage/words'
import type { ConversationPage } from '@/server/services/conversations/read-conversation'
import { CallLines } from './call-lines'
import { useConversations } from './conversation-params'
import { TurnList } from './turn-list'

/** One conversation: what it adds up to, and its turns in order, each with the calls that made it. */
export function ConversationView({ which }: { which: { tenant: string; id: string } }) {
  const { scope, setParams } = useConversations()
  const query = useInfiniteQuery(
    useTRPC().conversations.read.infiniteQueryOptions(which, {
      getNextPageParam: ({ next }) => next,
      initialCursor: null,
      meta: { still: true },
    }),
  )
  const pages = query.data?.pages ?? []
  const [newest] = pages
  // Pages come from the end; they are read from the beginning.
  const inOrder = pages.toReversed()
  const turns = inOrder.flatMap((page) => page.turns)
  const rest = inOrder.flatMap((page) => page.callsWithoutTurn)
  const state = useUsageState(query, 'this conversation')
  const all = () => void setParams({ conversation: null })
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={all}>All conversations</Button>
        <h2 className="min-w-0 truncate font-mono text-base">{which.id}</h2>
        <CopyButton text={which.id} label="Copy the id" />
        {turns.length > 0 && <CopyButton text={asText(turns)} label="Copy what is shown" />}
        {newest && <SessionNote page={newest} />}
      </div>
      <Panel
        title="In all"
        memory="postgres"
        note={newest && aboutText(newest, scope.timezone)}
        state={state}
        minHeight={84}
      >
        {newest && <Totals page={newest} />}
      </Panel>
      <Panel title="Turns" memory="postgres" edge state={state} minHeight={240}>
        {query.hasNextPage && (
          <div className="flex justify-center border-b border-line p-2">
            <Button pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show earlier turns
            </Button>
          </div>
        )}
        {newest && turns.length === 0 && (
          <p className="px-3.5 pb-3 text-muted">
            No turn was added to a session of this id: only calls name it. They stand below.
          </p>
        )}
        <TurnList turns={turns} timezone={scope.timezone} now={newest?.asOf ?? ''} tenant={which.tenant} />
      </Panel>
      {rest.length > 0 && newest && (
        <Panel
          title="Calls without a turn"
          memory="postgres"
          note={`${count(rest.length)} in the time of the turns above`}
          state={{ status: 'ready' }}
        >
          <p className="px-3.5 pb-1.5 text-sm text-muted">
            They name this conversation, but no answer was added within 10 minutes after them, and no turn names them.
          </p>
          <div className="px-3.5 pb-3">
            <CallLines calls={rest} timezone={scope.timezone} now={newest.asOf} tenant={which.tenant} />
          </div>
        </Panel>
      )}
    </>
  )
}

const asText = (turns: ConversationPage['turns']) =>
  turns.map(({ role, at, content }) => `${role} (${at})\n${content}`).join('\n\n')

function aboutText({ tenant, user, startedAt, asOf, turnsInAll }: ConversationPage, timezone: string): string {
  const who = user === null ? tenant : `${tenant} · ${user}`
  if (startedAt === null) return who
  return `${who} · ${count(turnsInAll)} turns since ${dayTime(startedAt, timezone, asOf)}`
}

function SessionNote({ page: { session, id } }: { page: ConversationPage }) {
  if (!session) return null
  if (session.missing)
    return <span className="text-sm text-muted">Whether its session lives is not known: {session.missing}</span>
  if (!session.expiresAt) return <span className="text-sm text-muted">Its session is over.</span>
  return (
    <Button asChild>
      <Link href={sessionsHref('/sessions', { session: id })}>
        Its session lives: ends <Until at={session.expiresAt} />
      </Link>
    </Button>
  )
}

function Totals({ page: { usage, asOf } }: { page: ConversationPage }) {
  const { calls, inputTokens, outputTokens, unpriced, problems, latencyMs } = usage
  const source: Source = {
    stores: ['postgres'],
    from: 'llm_usage by conversation',
    window: 'all of the conversation',
    asOf,
    precision: 'exact',
    detail: 'Calls without a price are not in the cost; they are counted beside it.',
  }
  const none = missingFigure('no call named this conversation')
  const cost = knownCost(usage)
  return (
    <Stats className="max-md:grid-cols-2">
      <Stat label="Calls" value={<FigureValue figure={compactCount(calls)} source={source} />} />
      <Stat
        label="Cost"
        value={<FigureValue figure={calls === 0 ? none : { value: money(cost), unit: '' }} source={source} />}
        remark={unpriced > 0 ? `${count(unpriced)} calls have no price` : undefined}
      />
      <Stat
        label="Tokens"
        value={<FigureValue figure={calls === 0 ? none : compactCount(inputTokens + outputTokens)} source={source} />}
        remark={calls === 0 ? undefined : `${count(inputTokens)} in · ${count(outputTokens)} out`}
      />
      <Stat
        label="Latency, mean"
        value={
          <FigureValue
            figure={latencyMs === null ? missingFigure('no call said how long it took') : duration(latencyMs)}
            source={source}
          />
        }
      />
      <Stat
        label="Problems"
        value={<FigureValue figure={compactCount(problems)} source={source} />}
        remark="errors, timeouts, refusals, cancelled"
      />
    </Stats>
  )
}
