/** A model as applications report it, with its provider below. */
export function NameCell({ provider, model }: { provider: string; model: string }) {
  return (
    <span className="block max-w-56">
      <span className="block font-mono text-sm leading-5 wrap-anywhere whitespace-normal">{model}</span>
      <span className="block text-sm text-muted">{provider}</span>
    </span>
  )
}
