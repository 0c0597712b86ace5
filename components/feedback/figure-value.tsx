import type { Figure } from '@/components/format/figure'
import { Tooltip } from '@/components/ui/tooltip'
import { Sourced, type Source } from './source-note'

/** A figure in large type with its unit small beside it; a missing one keeps its reason within reach (R12). */
export function FigureValue({ figure, source }: { figure: Figure; source?: Source }) {
  const shown = (
    <>
      {figure.value}
      {figure.unit && <small className="text-base font-medium tracking-normal text-muted"> {figure.unit}</small>}
    </>
  )
  if (figure.missing)
    return (
      <Tooltip content={figure.missing}>
        <button type="button" className="rounded-sm text-muted">
          {figure.value}
          <span className="sr-only">: {figure.missing}</span>
        </button>
      </Tooltip>
    )
  return source ? <Sourced source={source}>{shown}</Sourced> : shown
}
