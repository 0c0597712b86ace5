import { type Severity, type VerdictItem, Verdicts } from '@/components/feedback/verdicts'
import { Skeleton } from '@/components/ui/skeleton'
import type { KvReport, ListedNamespace } from '@/server/services/kv/kv-report'
import { moveText, verdictText } from './kv-words'

const MOST = 5

/** What is worth a word of the namespaces: moves that do not go on, and those that live in the wrong store. */
export function KvVerdicts({ report }: { report: KvReport | undefined }) {
  if (!report) return <Skeleton className="h-9.5 rounded-lg" />
  const items = report.namespaces.flatMap((namespace) => itemOf(namespace) ?? []).slice(0, MOST)
  return items.length === 0 ? null : <Verdicts items={items} />
}

function itemOf(namespace: ListedNamespace): VerdictItem | null {
  const { name, problem, phase, store, verdict } = namespace
  const item = (severity: Severity, text: string, note?: string) => ({ key: name, severity, text, note })
  if (problem !== null) return item('bad', `${name} does not move on: ${problem}`, moveText(namespace))
  if (phase !== 'settled') return item('ok', `${name} moves ${moveText(namespace)}.`)
  if (store === 'redis' && verdict.kind === 'postgres') return item('ok', `${name}: ${verdictText(namespace)}`)
  if (store !== 'redis' && verdict.kind === 'redis') return item('bad', `${name}: ${verdictText(namespace)}`)
  if (store !== 'redis' && verdict.kind === 'tight') return item('warn', `${name}: ${verdictText(namespace)}`)
  return null
}
