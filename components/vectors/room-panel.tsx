import { Panel } from '@/components/feedback/panel'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { Bar } from '@/components/ui/bar'
import type { VectorsReport } from '@/server/services/vectors/list-vectors'
import { SleepSelect } from './sleep-select'
import { Facts } from './facts'

/** How far the locks and the memory of this Postgres reach. */
export function RoomPanel({ report, onSleep }: { report: VectorsReport; onSleep: (afterDays: number | null) => void }) {
  const { totals, locks, version, asOf, sleep } = report
  const used = locks.budget > 0 ? locks.held / locks.budget : 0
  return (
    <Panel
      title="Room to grow"
      memory="postgres"
      note="locks and memory"
      source={{
        stores: ['postgres'],
        from: 'pg_locks, pg_settings, pg_inherits, memory_samples',
        asOf,
        precision: 'exact',
        detail:
          'Budget: max_locks_per_transaction × (max_connections + max_prepared_transactions); the lock table holds somewhat more. A search locks the parent, its indexes, the partition, its indexes and TOAST.',
      }}
      actions={<SleepSelect afterDays={sleep.afterDays} onChoose={onSleep} />}
      state={{ status: 'ready' }}
    >
      <div className="px-3.5 pb-2">
        <p className="flex justify-between pb-1 text-sm text-muted">
          <span>Locks held now</span>
          <span className="tabular-nums">
            {count(locks.held)} of {count(locks.budget)}
          </span>
        </p>
        <Bar share={used} memory="postgres" label={`${count(locks.held)} of ${count(locks.budget)} locks held`} />
      </div>
      <Facts
        rows={[
          {
            name: 'Widest search locks',
            value: `${count(locks.worstStatement)} relations`,
            hint: 'At most 16 are wanted; it does not grow with tenants',
          },
          {
            name: 'On every connection at once',
            value: `${count(locks.worstStatement * locks.connections)} of ${count(locks.budget)}`,
            hint: `${count(locks.connections)} connections, each in the widest search`,
          },
          {
            name: 'A statement without its tenant',
            value: `${count(locks.withoutTenant)} locks`,
            hint: `${count(locks.partitions)} partitions; Engram sends none, row-level security or not`,
          },
          {
            name: 'Vector indexes / shared buffers',
            value: `${bytesText(totals.indexBytes)} of ${bytesText(locks.sharedBuffersBytes)}`,
          },
          {
            name: 'Asleep',
            value: totals.asleep === 0 ? 'none' : `${count(totals.asleep)} · ${bytesText(totals.asleepBytes)} freed`,
            hint: 'Tenants whose index was given up until the next search or write, and what it took',
          },
          { name: 'All memories', value: `${count(totals.rows)} rows · ${bytesText(totals.bytes)}` },
          { name: 'pgvector', value: version.installed ?? 'not installed' },
        ]}
      />
    </Panel>
  )
}
