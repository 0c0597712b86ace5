'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { panelState } from '@/components/feedback/panel-state'
import { BoardNote } from '@/components/overview/board-note'
import { noLookups, noSamples, redisDegraded } from '@/components/overview/panel-states'
import { useLinks } from '@/components/overview/use-links'
import { VerdictStrip } from '@/components/overview/verdict-strip'
import { beforeText, windowText } from '@/components/overview/window-text'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { AnswersPanel } from './answers-panel'
import { HitRatePanel } from './hit-rate-panel'
import { InstancePanel } from './instance-panel'
import { cacheParams, namespaceOf } from './search-params'

/** How well the cache works, what Redis has room for, and which namespace or tenant makes the difference. */
export function CacheBoard() {
  const trpc = useTRPC()
  const { scope } = useScope()
  const [{ namespace: typed }] = useQueryStates(cacheParams)
  const namespace = namespaceOf(typed)
  const { link, activationLink, culpritLink } = useLinks()
  const input = { ...scope, namespace }
  const query = useQuery(trpc.cache.report.queryOptions(input, { placeholderData: keepPreviousData }))
  const { data } = query
  const now = data?.asOf ?? ''
  const [window, before] = [windowText(scope, now), beforeText(scope)]
  const nothing = data && !data.redis.last && data.answers.rows.length === 0
  const of = [data?.namespace, data?.tenant].filter(Boolean).join(' / ')
  const whole = panelState(query, 'the cache')
  const state = (what: string, more?: Parameters<typeof panelState>[2]) =>
    panelState({ ...query, isError: false }, what, more)
  if (whole.status === 'error') return <BoardNote state={whole} />
  return (
    <>
      <BoardNote state={whole} />
      <VerdictStrip
        verdicts={data?.verdicts}
        wording={{ timezone: scope.timezone, now, of, before, link, activationLink, culpritLink, page: '/cache' }}
      />
      <HitRatePanel state={state('the hit rate', { empty: nothing && noSamples })} {...{ data, window }} />
      <InstancePanel
        state={state('the samples of Redis', {
          empty: data && !data.redis.last && noSamples,
          degraded: data && redisDegraded(data.redis.downSince, data.redis.newestAt),
        })}
        {...{ data, window, before }}
      />
      <AnswersPanel
        state={state('the answer cache', { empty: data?.answers.rows.length === 0 && noLookups })}
        {...{ data, window, before }}
      />
    </>
  )
}
