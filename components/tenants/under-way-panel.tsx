import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { cn } from '@/components/ui/cn'
import type { ErasureOf } from '@/server/services/tenants/erasures'
import { totalOf } from './erasure-families'
import { ErasureState } from './erasures-panel'

const steps = [
  { phase: 'counting', text: 'Count both memories' },
  { phase: 'redis', text: 'Erase from Redis' },
  { phase: 'partition', text: 'Detach the partition, while others search' },
  { phase: 'postgres', text: 'Erase every row in one transaction' },
  { phase: 'verifying', text: 'Look again in every family, and sign' },
] as const

/** How far an erasure is, or why it came to no end. */
export function UnderWayPanel({ erasure }: { erasure: ErasureOf }) {
  const { slug, phase, state, error, requestedBy, requestedAt, attempts, found } = erasure
  const at = steps.findIndex((step) => step.phase === phase)
  return (
    <Panel
      title={`Erasing ${slug}`}
      note={
        <>
          asked for <Age at={requestedAt} /> by {requestedBy}
        </>
      }
      actions={<ErasureState erasure={erasure} />}
      state={{ status: 'ready' }}
      minHeight={140}
    >
      {state === 'failed' ? (
        <p role="alert" className="px-3.5 py-2 text-bad">
          {error} Nothing of it was changed in Postgres; ask again.
        </p>
      ) : (
        <ol role="status" className="grid gap-1 px-3.5 pb-3">
          {steps.map(({ phase: step, text }, n) => (
            <li key={step} className={cn('flex items-center gap-2', n > at && 'text-faint')}>
              <span
                aria-hidden
                className={cn(
                  'size-2 rounded-full',
                  n < at ? 'bg-ok' : n === at ? 'animate-pulse bg-warn' : 'bg-line-strong',
                )}
              />
              {text}
              {step === 'counting' && found && (
                <span className="text-sm text-muted">{count(totalOf(found))} keys and rows</span>
              )}
            </li>
          ))}
        </ol>
      )}
      {attempts > 1 && (
        <p className="px-3.5 pb-2 text-sm text-muted">Attempt {attempts}: the process before was killed.</p>
      )}
    </Panel>
  )
}
