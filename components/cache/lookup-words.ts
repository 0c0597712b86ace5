import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import type { CacheReport } from '@/server/services/cache/cache-report'

type Lookups = CacheReport['lookups']

export const familyLabels = {
  answers: 'Answer cache',
  prompts: 'Prompts',
  sessions: 'Sessions',
  flags: 'Flags',
  kv: 'Key-value',
  memory: 'Vector searches',
} as const satisfies Record<Lookups['families'][number]['family'], string>

/** The same within a sentence. */
export const familyNames: Record<keyof typeof familyLabels, string> = {
  answers: 'the answer cache',
  prompts: 'prompts',
  sessions: 'sessions',
  flags: 'flags',
  kv: 'key-value entries',
  memory: 'vector searches',
}

/** "answers / replies / northwind", "prompts" where there is neither namespace nor tenant. */
export const groupName = ({ family, namespace, tenant }: { family: string; namespace: string; tenant: string }) =>
  [family, namespace, tenant].filter(Boolean).join(' / ')

/** What INFO counted beside the look-ups of the gateways. */
export function gapText(gap: Lookups['gap']): string {
  if (!gap)
    return 'INFO knows no tenants: what it counted beside these is said where all tenants are shown. Sessions that were not found may be nobody’s: they are counted there.'
  const { info, ours, others } = gap
  if (info === null) return 'Redis’ own counts are missing in this range: there is nothing to compare with.'
  if (others < 0)
    return `INFO counted ${count(info)} look-ups, ${count(-others)} fewer than our calls: its samples do not cover the whole range, or are some seconds old.`
  if (others === 0) return `INFO counted ${count(info)} look-ups, which are these.`
  return `INFO counted ${count(info)} look-ups, our calls ${count(ours)}. The other ${count(others)} (${percentText(others / info)}) are no look-ups of these families: other software, or commands of ours that only look whether there is work, or what a write, a fill or a session begins with.`
}
