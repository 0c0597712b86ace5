import type { VerdictItem } from '@/components/feedback/verdicts'
import { Verdicts } from '@/components/feedback/verdicts'
import { count } from '@/components/format/count'
import { clockTime } from '@/components/format/instant'
import { percentText } from '@/components/format/percent'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import type { LimitVerdict } from '@/server/services/limits/limit-verdicts'
import type { LimitsReport } from '@/server/services/limits/limits-report'

type Props = { report: LimitsReport | undefined; timezone: string; onShow: (id: string) => void }

export function LimitVerdicts({ report, timezone, onShow }: Props) {
  if (!report) return <Skeleton className="h-9.5 rounded-lg" />
  if (report.verdicts.length === 0) return null
  const items = report.verdicts.map((verdict, index) => ({ key: `${verdict.kind} ${index}`, ...itemOf(verdict) }))
  return <Verdicts items={items} />

  function itemOf(verdict: LimitVerdict): Omit<VerdictItem, 'key'> {
    switch (verdict.kind) {
      case 'redis_down':
        return {
          severity: 'bad',
          text: `Redis has not answered since ${clockTime(verdict.since, timezone)}: Postgres decides.`,
          note: 'Its counters began empty, so that a subject may get its points once more; no more than that.',
        }
      case 'limited_now':
        return {
          severity: 'warn',
          text: `${plural(verdict.subjects, 'subject is', 'subjects are')} being refused right now, by ${plural(verdict.limits, 'limit', 'limits')}.`,
          note: `Most: ${verdict.most.subject}, ${count(verdict.most.refused)} times by ${verdict.most.policy}.`,
        }
      case 'refuses_many':
        return {
          severity: 'warn',
          text: `${verdict.policy} refused ${percentText(verdict.refused / verdict.asked)} of ${count(verdict.asked)} calls, of ${plural(verdict.subjects, 'subject', 'subjects')}.`,
          note: 'Is the limit too tight, or does somebody hammer it?',
          actions: <Button onClick={() => onShow(verdict.policyId)}>Look at it</Button>,
        }
      case 'by_postgres':
        return {
          severity: 'warn',
          text: `Postgres decided ${plural(verdict.calls, 'call', 'calls')} in this range, because Redis did not answer.`,
        }
      case 'fine':
        return {
          severity: 'ok',
          text:
            verdict.asked === 0
              ? 'No limit was asked in this range.'
              : `Nobody is refused right now; ${plural(verdict.asked, 'call was', 'calls were')} asked about in this range.`,
        }
    }
  }
}

const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`
