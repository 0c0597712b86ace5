import { type VerdictItem, Verdicts } from '@/components/feedback/verdicts'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { COLD_DAYS } from '@/server/services/vectors/sleep/sleep.schema'
import type { VectorsReport } from '@/server/services/vectors/list-vectors'

const many = (n: number, one: string, more: string) => `${count(n)} ${n === 1 ? one : more}`

type Props = { report: VectorsReport; onOpen: (tenant: string) => void; onSleep: (afterDays: number) => void }

/** Less is not worth a word. */
const IDLE_BYTES = 1024 ** 2

/** What is wrong among all tenants, worst first; nothing where nothing is. */
export function VectorVerdicts({ report, onOpen, onSleep }: Props) {
  const { totals, limits, version, locks, sleep, forced } = report
  const mayChange = useMayChange()
  const open = (tenants: string[] | null) =>
    tenants?.map((tenant) => (
      <Button key={tenant} onClick={() => onOpen(tenant)}>
        {tenant}
      </Button>
    ))
  const items: (VerdictItem | false)[] = [
    !version.safe && {
      key: 'version',
      severity: 'bad',
      text: `pgvector ${version.installed ?? 'is not installed'}: below ${version.wanted}, vacuum may corrupt HNSW indexes.`,
      note: 'Update the extension, then rebuild the indexes.',
    },
    totals.belowTarget > 0 && {
      key: 'recall',
      severity: 'bad',
      text: `${many(totals.belowTarget, 'tenant finds', 'tenants find')} less than wanted.`,
      note: 'Recall below target at the ef_search or probes in force.',
      actions: open(totals.worst),
    },
    totals.broken > 0 && {
      key: 'broken',
      severity: 'bad',
      text: `${many(totals.broken, 'index', 'indexes')} cannot be used: searches compare with every item.`,
      note: 'Invalid, or of another type or metric than searches use. Rebuild.',
      actions: open(totals.brokenOnes),
    },
    totals.wouldPay > 0 && {
      key: 'pays',
      severity: 'warn',
      text: `${many(totals.wouldPay, 'index', 'indexes')} would pay.`,
      note: `From ${count(limits.indexPaysRows)} rows on, comparing with every item takes long.`,
      actions: open(totals.wouldPayOnes),
    },
    forced.tenants > 0 && {
      key: 'forced',
      severity: 'warn',
      text: `Memory forces ${many(forced.tenants, 'tenant', 'tenants')} to IVFFlat: ${forced.largest.map(forcedText).join('; ')}.`,
      note: forced.largest.some(({ why }) => why === 'build')
        ? `maintenance_work_mem is ${bytesText(forced.maintenanceBytes)}. More of it, or half precision, keeps HNSW.`
        : 'Half precision may save more: look at it first.',
      actions: open(forced.largest.map(({ tenant }) => tenant)),
    },
    totals.dead > 0 && {
      key: 'dead',
      severity: 'warn',
      text: `${many(totals.dead, 'tenant has', 'tenants have')} more than ${percentText(limits.deadShare)} dead rows.`,
      note: 'They cost recall without a word. Vacuum.',
      actions: open(totals.deadOnes),
    },
    totals.bloated > 0 && {
      key: 'bloat',
      severity: 'warn',
      text: `${many(totals.bloated, 'index is', 'indexes are')} more than ${percentText(limits.bloat)} beyond the predicted size.`,
      note: 'Rebuild.',
      actions: open(totals.bloatedOnes),
    },
    sleep.afterDays === null &&
      sleep.idle.bytes >= IDLE_BYTES && {
        key: 'idle',
        severity: 'warn',
        text: `${many(sleep.idle.tenants, 'index was', 'indexes were')} not used for ${COLD_DAYS} days: giving up such ones would free ${bytesText(sleep.idle.bytes)}.`,
        note: 'Searched exactly until it is built again, which the next search or write brings about.',
        actions: (
          <>
            {open(sleep.idle.largest)}
            {mayChange && <Button onClick={() => onSleep(COLD_DAYS)}>Let idle indexes sleep…</Button>}
          </>
        ),
      },
    locks.held > 0.5 * locks.budget && {
      key: 'locks',
      severity: 'warn',
      text: `${count(locks.held)} of ${count(locks.budget)} locks are held.`,
      note: 'Raise max_locks_per_transaction before there is no room.',
    },
  ]
  const said = items.filter((item) => item !== false)
  return said.length > 0 ? <Verdicts items={said} /> : null
}

const forcedText = ({ tenant, why, needs: { hnsw, ivfflat } }: VectorsReport['forced']['largest'][number]) =>
  why === 'build'
    ? `building HNSW of ${tenant} takes ${bytesText(hnsw.buildBytes)}, IVFFlat ${bytesText(ivfflat.buildBytes)}`
    : `all indexes are larger than the cache, and that of ${tenant} would take ${bytesText(ivfflat.bytes)} instead of ${bytesText(hnsw.bytes)}`
