import { useMemo } from 'react'
import { TimeSeries } from '@/components/charts/time-series'
import { Panel } from '@/components/feedback/panel'
import type { VectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'
import { KeepSelect } from './keep-select'
import { TargetSelect } from './target-select'

const DAYS = 30

type Props = { detail: VectorsOfTenant; timezone: string; keep: boolean; onKeep: (keep: boolean) => void }

/** How recall came to where it is, with what was done to the memory meanwhile. */
export function RecallHistoryPanel({ detail, timezone, keep, onKeep }: Props) {
  const { history, events, partition, asOf, from } = detail
  const series = useMemo(() => {
    const points = history.map(({ at, recall }) => ({ t: Date.parse(at), v: recall }))
    const filtered = history.map(({ at, filtered }) => ({ t: Date.parse(at), v: filtered }))
    const [first, last] = [Date.parse(from), Date.parse(asOf)]
    const days = Array.from({ length: DAYS + 1 }, (_, n) => first + (n / DAYS) * (last - first))
    return [
      { key: 'recall', label: 'Recall@10', points, memory: 'postgres' as const },
      ...(filtered.some(({ v }) => v !== null) ? [{ key: 'filtered', label: 'With a filter', points: filtered }] : []),
      { key: 'target', label: 'Target', points: days.map((t) => ({ t, v: partition.recallTarget })), dashed: true },
    ]
  }, [history, from, asOf, partition.recallTarget])
  return (
    <Panel
      title="Recall, 30 days"
      memory="postgres"
      source={{
        stores: ['postgres'],
        from: 'memory_recalls, jobs, audit, memory_activity',
        window: 'last 30 days',
        asOf,
        precision: 'sampled',
        detail:
          'At the ef_search or probes in force; with a filter: on the kind that most searches of the day before asked for. Marked: work on the index, vacuum, changes of either, and days on which more than 1 % of the rows were deleted.',
      }}
      actions={
        <>
          <TargetSelect tenant={partition.tenant} target={partition.recallTarget} />
          <KeepSelect keep={keep} onChoose={onKeep} />
        </>
      }
      state={
        history.length === 0
          ? {
              status: 'empty',
              title: 'Nothing was measured yet.',
              hint: 'The worker measures indexed tenants once a day, within one percent of the database’s time; you can at any moment.',
            }
          : { status: 'ready' }
      }
      minHeight={150}
    >
      <TimeSeries
        label={`Recall of ${partition.tenant}`}
        from={Date.parse(from)}
        to={Date.parse(asOf)}
        timezone={timezone}
        series={series}
        kind="line"
        format="percent"
        clock="recall"
        height={96}
        markers={events.map(({ at, text }) => ({
          t: Date.parse(at),
          label: text,
          severity: text.endsWith('deletes') ? ('warn' as const) : undefined,
        }))}
      />
    </Panel>
  )
}
