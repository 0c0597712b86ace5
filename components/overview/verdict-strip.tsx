import { Verdicts } from '@/components/feedback/verdicts'
import { Skeleton } from '@/components/ui/skeleton'
import type { Verdict } from '@/server/services/overview/verdicts'
import { verdictItem, type Wording } from './verdict-item'

/** What is worth knowing, before any figure; undefined while nobody knows yet. */
export function VerdictStrip({ verdicts, wording }: { verdicts: Verdict[] | undefined; wording: Wording }) {
  if (!verdicts) return <Skeleton className="h-9.5 rounded-lg" />
  return <Verdicts items={verdicts.map((verdict, index) => verdictItem(verdict, wording, index))} />
}
