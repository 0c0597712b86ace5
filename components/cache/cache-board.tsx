'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { panelState } from '@/components/feedback/panel-state'
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
  const { link, activationLink } = useLinks()
  const input = { ...scope, namespace }
  const query = useQuery(trpc.cache.report.queryOptions(input, { placeholderData: keepPreviousData }))
  const { data } = query
  const now = data?.asOf ?? ''
  const [window, before] = [windowText(scope, now), beforeText(scope)]
  const nothing = data && !data.redis.last && data.answers.rows.length === 0
  const of = [data?.namespace, data?.tenant].filter(Boolean).join(' / ')
  return (
    <>
      <VerdictStrip
        state={panelState(query, 'the cache')}
        verdicts={data?.verdicts ?? []}
        wording={{ timezone: scope.timezone, now, of, before, link, activationLink, page: '/cache' }}
      />
      <HitRatePanel state={panelState(query, 'the hit rate', { empty: nothing && noSamples })} {...{ data, window }} />
      <InstancePanel
        state={panelState(query, 'the samples of Redis', {
          empty: data && !data.redis.last && noSamples,
          degraded: data && redisDegraded(data.redis.downSince, data.redis.newestAt),
        })}
        {...{ data, window, before }}
      />
      <AnswersPanel
        state={panelState(query, 'the answer cache', { empty: data?.answers.rows.length === 0 && noLookups })}
        {...{ data, window, before }}
      />
    </>
  )
}
