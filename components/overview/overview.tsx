'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { panelState } from '@/components/feedback/panel-state'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { ActivationsCard } from './activations-card'
import { BoardNote } from './board-note'
import { LanesPanel } from './lanes-panel'
import { NamespacesCard } from './namespaces-card'
import { noActivations, noLookups, noSamples, noUsage, redisDegraded } from './panel-states'
import { PostgresCard } from './postgres-card'
import { RedisCard } from './redis-card'
import { TenantsCard } from './tenants-card'
import { useLinks } from './use-links'
import { VerdictStrip } from './verdict-strip'
import { beforeText, windowText } from './window-text'

/** Both memories side by side, what happened on one clock, and who is behind it. */
export function OverviewBoard() {
  const trpc = useTRPC()
  const { scope } = useScope()
  const { link, activationLink, culpritLink, tenantLink, namespaceLink } = useLinks()
  const query = useQuery(trpc.overview.read.queryOptions(scope, { placeholderData: keepPreviousData }))
  const { data } = query
  const { timezone } = scope
  const now = data?.asOf ?? ''
  const [window, before] = [windowText(scope, now), beforeText(scope)]
  const noRequests = data && data.postgres.during.requests === 0 && data.postgres.before.requests === 0 && noUsage
  const degraded = data && redisDegraded(data.redis.downSince, data.redis.newestAt)
  const whole = panelState(query, 'the overview')
  const state = (what: string, more?: Parameters<typeof panelState>[2]) =>
    panelState({ ...query, isError: false }, what, more)
  if (whole.status === 'error') return <BoardNote state={whole} />
  return (
    <>
      <BoardNote state={whole} />
      <VerdictStrip
        verdicts={data?.verdicts}
        wording={{ timezone, now, of: data?.tenant ?? undefined, before, link, activationLink, culpritLink, page: '/' }}
      />
      <div className="grid gap-4 xl:grid-cols-2">
        <RedisCard
          state={state('the samples of Redis', { empty: data && !data.redis.last && noSamples, degraded })}
          {...{ data, window, before }}
        />
        <PostgresCard state={state('usage', { empty: noRequests })} {...{ data, window, before }} />
      </div>
      <LanesPanel
        state={state('what happened', { empty: data && !data.redis.last && noRequests && noSamples })}
        data={data}
      />
      <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-[minmax(0,5fr)_minmax(0,3fr)_minmax(0,3fr)]">
        <ActivationsCard
          state={state('the activations', { empty: data?.postgres.activations.length === 0 && noActivations })}
          activations={data?.postgres.activations ?? []}
          link={activationLink}
          {...{ timezone, now }}
        />
        <TenantsCard
          state={state('the cost by tenant', { empty: data?.postgres.during.requests === 0 && noUsage })}
          link={tenantLink}
          {...{ data, window }}
        />
        <NamespacesCard
          state={state('the answer cache', { empty: data?.namespaces.rows.length === 0 && noLookups })}
          link={namespaceLink}
          {...{ data, window, before }}
        />
      </div>
    </>
  )
}
