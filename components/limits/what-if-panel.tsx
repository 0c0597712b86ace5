'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { Age } from '@/components/feedback/age'
import { count } from '@/components/format/count'
import { useDebounced } from '@/components/prompts/use-debounced'
import { useTRPC } from '@/components/shell/trpc'
import { Field } from '@/components/ui/field'
import { Stat, Stats } from '@/components/ui/stat'
import type { ListedPolicy } from '@/server/services/limits/limits-report'
import type { PolicyReport } from '@/server/services/limits/policy-report'
import { termsText } from './limit-words'

const PAUSE_MS = 250
/** The slider goes from a tenth of the points to ten times as many, in equal steps of their logarithm. */
const STEPS = 40

/** What a changed limit would have done to the last day's traffic, and what it said before. */
export function WhatIfPanel({ policy, report }: { policy: ListedPolicy; report: PolicyReport | undefined }) {
  const [step, setStep] = useState(0)
  const factor = 10 ** (useDebounced(step, PAUSE_MS) / STEPS)
  const changed = changedTerms(policy, factor)
  const typed = changedTerms(policy, 10 ** (step / STEPS))
  const query = useQuery(
    useTRPC().limits.whatIf.queryOptions({ id: policy.id, ...changed }, { placeholderData: keepPreviousData }),
  )
  const { data } = query
  return (
    <Panel
      title="What if"
      memory="postgres"
      badge="replayed by the minute"
      source={
        data && {
          stores: ['postgres'],
          from: 'limit_counts, replayed',
          window: 'the last 24 hours',
          asOf: data.to,
          precision: 'estimated',
          detail:
            'Both limits are replayed from what every subject asked in each minute: within a minute nobody knows what came first, and who is refused may ask again.',
        }
      }
      state={panelState(query, 'the replay', {
        empty: data?.subjects === 0 && {
          title: 'Nobody asked in the last 24 hours.',
          hint: 'Once applications ask, you see here what another limit would have done.',
        },
      })}
      minHeight={150}
    >
      {data && (
        <div className="grid gap-2 pb-1">
          <div className="px-3.5 pt-1">
            <Field label={`Instead of ${termsText(policy)}: ${termsText({ ...policy, ...typed })}`}>
              <input
                type="range"
                min={-STEPS}
                max={STEPS}
                value={step}
                onChange={({ target }) => setStep(Number(target.value))}
                aria-valuetext={`${count(typed.points)} points`}
                className="w-full accent-text"
              />
            </Field>
          </div>
          <Stats>
            <Stat
              label="Would be refused"
              value={count(data.changed.refused)}
              remark={`now ${count(data.asIs.refused)}; counted ${count(data.counted.refused)}`}
            />
            <Stat
              label="Would be admitted"
              value={count(data.changed.admitted)}
              remark={`now ${count(data.asIs.admitted)}; counted ${count(data.counted.admitted)}`}
            />
            <Stat
              label="Subjects refused"
              value={count(data.changed.refusedSubjects)}
              remark={`now ${count(data.asIs.refusedSubjects)} of ${count(data.subjects)}`}
            />
          </Stats>
          {!data.whole && <p className="px-3.5 text-sm text-warn-ink">Only the first 200,000 minutes were replayed.</p>}
        </div>
      )}
      <History report={report?.id === policy.id ? report : undefined} />
    </Panel>
  )
}

/** Of a bucket, what flows in changes with what fits. */
function changedTerms({ points, windowSeconds, refillPoints }: ListedPolicy, factor: number) {
  const times = (value: number) => Math.min(1_000_000, Math.max(1, Math.round(value * factor)))
  return { points: times(points), windowSeconds, refillPoints: refillPoints === null ? null : times(refillPoints) }
}

function History({ report }: { report: PolicyReport | undefined }) {
  if (!report) return null
  return (
    <div className="border-t border-line px-3.5 py-2">
      <h3 className="text-sm font-medium">What it said</h3>
      <ul className="text-sm text-muted">
        {report.history.slice(0, 5).map(({ at, change, by, ...terms }) => (
          <li key={at}>
            {termsText(terms)}: {change} by {by} <Age at={at} />
          </li>
        ))}
      </ul>
    </div>
  )
}
