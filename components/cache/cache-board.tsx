'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { panelState } from '@/components/feedback/panel-state'
import { Verdicts } from '@/components/feedback/verdicts'
import { BoardNote } from '@/components/overview/board-note'
import { noLookups, noSamples, redisDegraded } from '@/components/overview/panel-states'
import { useLinks } from '@/components/overview/use-links'
import { verdictItem, type Wording } from '@/components/overview/verdict-item'
import { beforeText, windowText } from '@/components/overview/window-text'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { Skeleton } from '@/components/ui/skeleton'
import type { CacheReport } from '@/server/services/cache/cache-report'
import { AnswersPanel } from './answers-panel'
import { CacheTabs } from './cache-tabs'
import { noCensus } from './census-source'
import { CommandsPanel, SlowLogPanel } from './commands-panels'
import { FallPanel } from './fall-panel'
import { FamiliesPanel } from './families-panel'
import { findingItem } from './finding-item'
import { ForeignPanel } from './foreign-panel'
import { HitRatePanel } from './hit-rate-panel'
import { InstancePanel } from './instance-panel'
import { LargeKeysPanel } from './large-keys-panel'
import { LookupsPanel } from './lookups-panel'
import { cacheParams, namespaceOf } from './search-params'
import { TtlPanel } from './ttl-panel'

/** How well the cache works, what Redis has room for, and which namespace or tenant makes the difference. */
export function CacheBoard() {
  const trpc = useTRPC()
  const { scope } = useScope()
  const [{ namespace: typed, family }] = useQueryStates(cacheParams)
  const namespace = namespaceOf(typed)
  const { link, activationLink, culpritLink } = useLinks()
  const input = { ...scope, namespace, family }
  const query = useQuery(trpc.cache.report.queryOptions(input, { placeholderData: keepPreviousData }))
  const keyspaceQuery = useQuery(trpc.cache.keyspace.queryOptions(scope, { placeholderData: keepPreviousData }))
  const commandsQuery = useQuery(trpc.cache.commands.queryOptions(scope, { placeholderData: keepPreviousData }))
  const { data } = query
  const keyspace = keyspaceQuery.data
  const census = keyspace?.census ?? null
  const now = data?.asOf ?? ''
  const [window, before] = [windowText(scope, now), beforeText(scope)]
  const nothing = data && !data.redis.last && data.answers.rows.length === 0
  const of = [data?.namespace, data?.tenant].filter(Boolean).join(' / ')
  const whole = panelState(query, 'the cache')
  const state = (what: string, more?: Parameters<typeof panelState>[2]) =>
    panelState({ ...query, isError: false }, what, more)
  const counted = (what: string) => ({
    state: panelState(keyspaceQuery, what, { empty: keyspace && !keyspace.census && noCensus }),
    census,
    asOf: keyspace?.asOf ?? '',
  })
  if (whole.status === 'error') return <BoardNote state={whole} />
  return (
    <>
      <CacheTabs />
      <BoardNote state={whole} />
      <CacheVerdicts
        data={data}
        wording={{
          timezone: scope.timezone,
          now,
          of,
          family,
          before,
          link,
          activationLink,
          culpritLink,
          page: '/cache',
        }}
      />
      {data?.fall && <FallPanel fall={data.fall} data={data} timezone={scope.timezone} link={culpritLink} />}
      <HitRatePanel state={state('the hit rate', { empty: nothing && noSamples })} {...{ data, window }} />
      <InstancePanel
        state={state('the samples of Redis', {
          empty: data && !data.redis.last && noSamples,
          degraded: data && redisDegraded(data.redis.downSince, data.redis.newestAt),
        })}
        {...{ data, window, before }}
      />
      <LookupsPanel
        state={state('the look-ups', { empty: data?.lookups.families.length === 0 && noLookups })}
        {...{ data, window, before }}
      />
      <FamiliesPanel {...counted('the families')} report={data} />
      <div className="grid gap-4 xl:grid-cols-2">
        <TtlPanel {...counted('the times to live')} />
        <LargeKeysPanel {...counted('the keys')} />
      </div>
      <AnswersPanel
        state={state('the answer cache', { empty: data?.answers.rows.length === 0 && noLookups })}
        {...{ data, window, before }}
      />
      <div className="grid gap-4 xl:grid-cols-2">
        <CommandsPanel state={panelState(commandsQuery, 'the commands')} data={commandsQuery.data} window={window} />
        <SlowLogPanel
          state={panelState(commandsQuery, 'the slow log')}
          data={commandsQuery.data}
          window={window}
          timezone={scope.timezone}
        />
      </div>
      <ForeignPanel state={panelState(keyspaceQuery, 'the foreign keys')} data={keyspace} />
    </>
  )
}

const rank = { bad: 0, warn: 1, ok: 2 }

/** What is wrong with the cache and with its Redis, worst first. */
function CacheVerdicts({ data, wording }: { data: CacheReport | undefined; wording: Wording }) {
  if (!data) return <Skeleton className="h-9.5 rounded-lg" />
  const { timezone, now } = wording
  const from = new Date(data.axis.from).toISOString()
  const items = [
    ...data.verdicts.map((verdict, index) => verdictItem(verdict, wording, index)),
    ...data.findings.map((finding) => findingItem(finding, { timezone, now, from })),
  ]
  return <Verdicts items={items.sort((a, b) => rank[a.severity] - rank[b.severity])} />
}
