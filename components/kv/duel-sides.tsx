import { count } from '@/components/format/count'
import { durationText } from '@/components/format/duration'
import { Bar } from '@/components/ui/bar'
import { MemoryBadge } from '@/components/ui/badge'
import type { ListedDuel } from '@/server/services/kv/kv-report'
import { memoryOf, storeNames } from './kv-words'

/** What each side carried, next to the other. */
export function DuelSides({ sides }: Pick<ListedDuel, 'sides'>) {
  const most = Math.max(...sides.map(({ perSecond }) => perSecond))
  return (
    <dl className="grid gap-3 sm:grid-cols-2" aria-label="Sides of the duel">
      {sides.map(({ store, perSecond, p50Ms, p99Ms, operations, seconds }) => (
        <div key={store} className="rounded-md border border-line px-3 py-2">
          <dt>
            <MemoryBadge memory={memoryOf(store)}>{storeNames[store]}</MemoryBadge>
          </dt>
          <dd className="text-figure font-semibold tabular-nums">
            {count(perSecond)} <small className="text-base font-medium text-muted">operations/s</small>
          </dd>
          <dd>
            <Bar share={perSecond / most} memory={memoryOf(store)} />
          </dd>
          <dd className="text-sm text-muted">
            p50 {durationText(p50Ms)} · p99 {durationText(p99Ms)} · {count(operations)} in {seconds.toFixed(1)} s
          </dd>
        </div>
      ))}
    </dl>
  )
}
