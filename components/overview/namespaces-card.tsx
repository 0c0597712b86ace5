import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { cn } from '@/components/ui/cn'
import type { Overview } from '@/server/services/overview/overview'
import { ShareRows } from './share-rows'
import { lookupsSource } from './sources'

const FELL_POINTS = 0.1

/** How well each namespace of the answer cache does, by the gateways' own counts; the bar is the hit rate itself. */
export function NamespacesCard({
  state,
  data,
  window,
  before,
  link,
}: {
  state: PanelState
  data: Overview | undefined
  window: string
  before: string
  link: (namespace: string) => string
}) {
  const { rows = [], groups = 0 } = data?.namespaces ?? {}
  return (
    <Panel
      title="Answer cache"
      memory="redis"
      badge="hit rate"
      source={lookupsSource({ window, asOf: data?.asOf }, data?.tenant ?? 'all tenants')}
      note={groups > rows.length ? `${rows.length} of ${count(groups)} namespaces` : window}
      state={state}
      minHeight={172}
    >
      <div data-memory="redis">
        <ShareRows
          rows={rows.map(({ key, hits, misses, hitsBefore, missesBefore }) => {
            const [now, was] = [hits / (hits + misses), hitsBefore / (hitsBefore + missesBefore)]
            const fell = was - now >= FELL_POINTS
            return {
              key,
              label: <span className="font-mono text-sm leading-5">{key}</span>,
              share: now,
              value: (
                <span
                  className={cn(fell && 'text-bad')}
                  title={`${count(hits)} of ${count(hits + misses)} look-ups${Number.isNaN(was) ? '' : `; ${percentText(was)} in ${before}`}`}
                >
                  {percentText(now)}
                </span>
              ),
              href: link(key),
            }
          })}
        />
      </div>
    </Panel>
  )
}
