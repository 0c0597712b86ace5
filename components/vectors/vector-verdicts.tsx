import { type VerdictItem, Verdicts } from '@/components/feedback/verdicts'
import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { Button } from '@/components/ui/button'
import type { VectorsReport } from '@/server/services/vectors/list-vectors'

const many = (n: number, one: string, more: string) => `${count(n)} ${n === 1 ? one : more}`

/** What is wrong among all tenants, worst first; nothing where nothing is. */
export function VectorVerdicts({ report, onOpen }: { report: VectorsReport; onOpen: (tenant: string) => void }) {
  const { totals, limits, version, locks } = report
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
      note: 'Recall below target at the ef_search in force.',
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
