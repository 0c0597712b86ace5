/** Two rings, one per memory, linked. */
export function BrandMark({ width = 22 }: { width?: number }) {
  return (
    <svg width={width} viewBox="0 0 22 16" aria-hidden="true" className="block shrink-0" fill="none" strokeWidth="2.4">
      <circle cx="8" cy="8" r="6.5" className="stroke-redis" />
      <circle cx="14" cy="8" r="6.5" className="stroke-pg" />
      <path d="M11 2.2a6.5 6.5 0 0 1 0 11.6" className="stroke-redis" />
    </svg>
  )
}
