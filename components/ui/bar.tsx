import type { Memory } from './memory'

/** A share of a whole, 0 to 1; what is above 1 is drawn full. Give a label where no figure stands beside it. */
export function Bar({ share, memory, label }: { share: number; memory?: Memory; label?: string }) {
  const width = Math.min(1, Math.max(0, share)) * 100
  return (
    <div
      data-memory={memory}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      className="h-1.5 min-w-16 overflow-hidden rounded-full bg-sunken dark:bg-line"
    >
      <div className="h-full rounded-full bg-memory" style={{ width: `${width}%`, minWidth: share > 0 ? 2 : 0 }} />
    </div>
  )
}
