import { Chip } from '@/components/ui/chip'
import type { LimitVerdict } from '@/server/services/prompts/guarded-rollout.schema'
import { limitRows } from './prepare-guard'

/** What the guard measures: change, interval, limit, and what it makes of them. */
export function GuardLimits({ limits }: { limits: LimitVerdict[] }) {
  return (
    <ul aria-label="Limits">
      {limitRows(limits).map(({ limit, label, change, detail, verdict, tone }) => (
        <li key={limit} className="border-t border-line px-3.5 py-1.5">
          <span className="flex items-baseline gap-2">
            <span className="text-muted">{label}</span>
            <span className="ml-auto">{change}</span>
            <Chip tone={tone}>{verdict}</Chip>
          </span>
          <span className="block text-xs text-faint">{detail}</span>
        </li>
      ))}
    </ul>
  )
}
