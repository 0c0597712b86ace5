'use client'

import { Select } from '@/components/ui/select'
import { usageSteps } from '@/server/services/usage/usage.schema'
import type { UsageSeries } from '@/server/services/usage/usage-series'
import { stepText } from './prepare-usage'
import { useUsage } from './search-params'

const labels = { '1h': 'hourly', '1d': 'daily', '1w': 'weekly', '1mo': 'monthly' } as const

/** How long a bar is; what was asked for is coarsened where it made too many bars, and then says so. */
export function StepSelect({ usage }: { usage: UsageSeries | undefined }) {
  const { params, setParams } = useUsage()
  const coarser = usage && params.step !== null && usage.step !== params.step
  return (
    <>
      {coarser && (
        <span role="status" className="text-sm text-muted">
          too many bars {labels[params.step ?? '1h']}: shown per {stepText[usage.step]}
        </span>
      )}
      <Select
        label="Step of the charts"
        value={params.step ?? 'auto'}
        onValueChange={(value) => void setParams({ step: usageSteps.find((step) => step === value) ?? null })}
        options={[
          { value: 'auto', label: usage && params.step === null ? `per ${stepText[usage.step]}` : 'step that suits' },
          ...usageSteps.map((step) => ({ value: step, label: labels[step] })),
        ]}
      />
    </>
  )
}
