import { weightText } from '@/components/format/served'
import { cn } from '@/components/ui/cn'
import type { GuardedRollout } from '@/server/services/prompts/guarded-rollout.schema'
import { guardSteps, type GuardStep } from './prepare-guard'

const edges: Record<GuardStep['state'], string> = {
  done: 'border-ok',
  served: 'border-memory',
  undone: 'border-bad',
  ahead: 'border-line',
}
const words: Record<GuardStep['state'], string> = {
  done: 'passed',
  served: 'reached',
  undone: 'rolled back',
  ahead: 'not yet',
}

/** The shares that the new version climbs through. */
export function GuardSteps({ guard }: { guard: GuardedRollout }) {
  return (
    <ol data-memory="postgres" aria-label="Steps" className="flex gap-0.5 px-3.5 pt-1 pb-2">
      {guardSteps(guard).map(({ percent, state }) => (
        <li
          key={percent}
          aria-current={state === 'served' ? 'step' : undefined}
          className={cn(
            'min-w-0 flex-1 border-t-3 pt-1 text-sm',
            edges[state],
            state === 'served' ? 'font-semibold' : 'text-muted',
          )}
        >
          {weightText(percent)}
          <span className="sr-only"> {words[state]}</span>
        </li>
      ))}
    </ol>
  )
}
