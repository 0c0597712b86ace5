'use client'

import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/components/shell/trpc'
import type { ListedPolicy } from '@/server/services/limits/limits-report'
import { AskedPanel } from './asked-panel'
import { LimitDialog } from './limit-dialog'
import { LimitVerdicts } from './limit-verdicts'
import { useLimits } from './limits-params'
import { PoliciesPanel } from './policies-panel'
import { SubjectsPanel } from './subjects-panel'
import { WhatIfPanel } from './what-if-panel'

const EVERY_MS = 10_000

/** Who is limited, by what, and what another limit would do. */
export function LimitsScreen() {
  const trpc = useTRPC()
  const { scope, open, setParams } = useLimits()
  const [dialog, setDialog] = useState<{ policy: ListedPolicy | null } | null>(null)
  const report = useQuery(
    trpc.limits.report.queryOptions(scope, { refetchInterval: EVERY_MS, placeholderData: keepPreviousData }),
  )
  const policies = report.data?.policies ?? []
  // Where none is chosen, the one that refuses most.
  const shown = policies.find(({ id }) => id === open) ?? policies.toSorted((a, b) => b.refused - a.refused)[0]
  const policy = useQuery(
    trpc.limits.policy.queryOptions(shown ? { ...scope, id: shown.id } : skipToken, { refetchInterval: EVERY_MS }),
  )
  const show = (id: string) => void setParams({ limit: id })
  return (
    <>
      <LimitVerdicts report={report.data} timezone={scope.timezone} onShow={show} />
      <PoliciesPanel
        report={report}
        scope={scope}
        shown={shown?.id ?? null}
        onShow={({ id }) => show(id)}
        onSet={(policy) => setDialog({ policy })}
      />
      {shown && (
        <>
          <AskedPanel policy={shown} report={policy} scope={scope} />
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <SubjectsPanel policy={shown} report={policy} scope={scope} />
            <WhatIfPanel key={JSON.stringify(shown)} policy={shown} report={policy.data} />
          </div>
        </>
      )}
      {dialog && <LimitDialog policy={dialog.policy} onClose={() => setDialog(null)} onSet={show} />}
    </>
  )
}
