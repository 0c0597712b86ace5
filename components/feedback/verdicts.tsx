import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

export type Severity = 'bad' | 'warn' | 'ok'

const dots: Record<Severity, string> = { bad: 'bg-bad', warn: 'bg-warn', ok: 'bg-ok' }
const words: Record<Severity, string> = { bad: 'Problem: ', warn: 'Warning: ', ok: 'Fine: ' }

export interface VerdictItem {
  key: string
  severity: Severity
  /** One sentence that stands alone. */
  text: ReactNode
  /** What explains or measures it, in small print. */
  note?: ReactNode
  actions?: ReactNode
}

/** The strip that opens a page: one line per thing worth knowing, worst first as given. */
export function Verdicts({ items, label = 'Verdicts' }: { items: VerdictItem[]; label?: string }) {
  return (
    <ul aria-label={label} className="overflow-hidden rounded-lg border border-line bg-panel shadow-panel">
      {items.map((item) => (
        <li
          key={item.key}
          className={cn(
            'flex flex-wrap items-center gap-x-2.5 gap-y-1.5 px-3.5 py-2 not-first:border-t not-first:border-line',
            item.severity === 'bad' && 'bg-bad-soft',
          )}
        >
          <span aria-hidden className={cn('mx-1 size-2 shrink-0 rounded-full', dots[item.severity])} />
          <p className="min-w-48 flex-1">
            <span className="sr-only">{words[item.severity]}</span>
            {item.text}
            {item.note && <small className="ml-2 text-sm leading-5 text-muted">{item.note}</small>}
          </p>
          {item.actions && <div className="flex flex-wrap gap-1.5">{item.actions}</div>}
        </li>
      ))}
    </ul>
  )
}
