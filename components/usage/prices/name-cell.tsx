import { MonoCell } from '@/components/data-table/cells'

/** A model as applications report it, with its provider below. */
export function NameCell({ provider, model }: { provider: string; model: string }) {
  return (
    <span className="block">
      <MonoCell>{model}</MonoCell>
      <span className="block text-sm text-muted">{provider}</span>
    </span>
  )
}
