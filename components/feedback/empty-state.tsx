import type { ReactNode } from 'react'
import { CodeBlock } from '@/components/ui/code-block'

/** An empty place that teaches: what would fill it, and how. */
export function EmptyState({
  title,
  hint,
  command,
  action,
}: {
  title: string
  hint?: ReactNode
  /** What to run to fill it. */
  command?: string
  action?: ReactNode
}) {
  return (
    <div className="mx-auto grid max-w-md content-center justify-items-center gap-1 px-4 py-6 text-center">
      <p className="font-medium">{title}</p>
      {hint && <p className="text-muted">{hint}</p>}
      {command && (
        <div className="mt-2 w-full min-w-0 text-left">
          <CodeBlock code={command} label="Copy the command" />
        </div>
      )}
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}
