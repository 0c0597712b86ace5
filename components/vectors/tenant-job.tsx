import { Age } from '@/components/feedback/age'
import { count } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { percentText } from '@/components/format/percent'
import { Bar } from '@/components/ui/bar'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { VectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'
import { useVectorChanges } from './use-vector-changes'

const names = {
  'memory.build-index': 'Building the index',
  'memory.drop-index': 'Dropping the index',
  'memory.sleep': 'Putting to sleep',
  'memory.vacuum': 'Vacuum',
  'memory.load': 'Loading items',
} as const
const ended = {
  'memory.build-index': 'Index built',
  'memory.drop-index': 'Index dropped',
  'memory.sleep': 'Put to sleep',
  'memory.vacuum': 'Vacuumed',
  'memory.re-embed': 'Re-embedded',
  'memory.clear-embedding': 'Vectors dropped',
  'memory.load': 'Items loaded',
} as const

/** The work under way with its progress, or how the last one ended. */
export function TenantJob({ detail }: { detail: VectorsOfTenant }) {
  const [last] = detail.jobs
  const mayChange = useMayChange()
  const { cancel } = useVectorChanges(detail.partition.tenant)
  // Those of the embedding model have a panel of their own.
  if (!last || last.kind === 'memory.re-embed' || last.kind === 'memory.clear-embedding') return null
  if (last.state === 'failed')
    return (
      <p role="alert" className="border-t border-line px-3.5 py-2 text-bad">
        {names[last.kind]} failed: {last.error}
      </p>
    )
  if (last.state === 'done' && last.loaded)
    return (
      <p className="border-t border-line px-3.5 py-2 text-muted">
        Loaded {last.finishedAt && <Age at={last.finishedAt} />}: {count(last.loaded.added)} added,{' '}
        {count(last.loaded.updated)} replaced, {count(last.loaded.unchanged)} left as they were
      </p>
    )
  if (last.state === 'done' && last.startedAt && last.finishedAt)
    return (
      <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
        {ended[last.kind]} <Age at={last.finishedAt} />, took{' '}
        {durationLong(Date.parse(last.finishedAt) - Date.parse(last.startedAt))}, asked for by {last.requestedBy}
      </p>
    )
  if (last.state !== 'queued' && last.state !== 'running') return null
  const phase = last.cancelling
    ? 'ending'
    : last.state === 'queued'
      ? 'waits for the worker'
      : (last.phase ?? 'running')
  return (
    <div role="status" className="grid gap-1.5 border-t border-line px-3.5 py-2">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span>{names[last.kind]}</span>
        <span className="text-sm text-muted">
          {phase}
          {last.progress !== null && ` · ${percentText(last.progress)}`}
        </span>
      </p>
      {last.progress !== null && (
        <Bar share={last.progress} memory="postgres" label={`${percentText(last.progress)} done`} />
      )}
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm text-muted">
        <span>
          asked for <Age at={last.requestedAt} /> by {last.requestedBy}
          {last.estimateMs !== null && `, about ${durationLong(last.estimateMs)}`}
        </span>
        {mayChange && !last.cancelling && (
          <Button pending={cancel.isPending} onClick={() => cancel.mutate({ id: last.id })}>
            Cancel
          </Button>
        )}
      </p>
    </div>
  )
}
