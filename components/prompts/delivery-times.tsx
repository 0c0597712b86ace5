'use client'

import { BarStrip } from '@/components/charts/bar-strip'
import { durationText } from '@/components/format/duration'
import { prepareTimes } from './prepare-delivery'
import { useDeliveryTimes } from './use-delivery'

const MOST = 50

/** How long the channel's newest activations took from their acknowledgement to the last confirmation. */
export function DeliveryTimes({ name, channel, revision }: { name: string; channel: string; revision: number }) {
  const { data } = useDeliveryTimes({ name, channel })
  if (!data || data.times.length < 2) return null
  const { bars, n, medianMs, slowestMs } = prepareTimes(data.times)
  const figures =
    medianMs === null || slowestMs === null
      ? 'none confirmed yet'
      : `median ${durationText(medianMs)}, slowest ${durationText(slowestMs)}`
  return (
    <div className="grid gap-1 border-t border-line px-3.5 pt-2 pb-2.5 text-sm text-muted">
      <BarStrip
        bars={bars}
        current={revision}
        places={MOST}
        label={`Until the last confirmation, newest ${bars.length} activations: ${figures}`}
      />
      <p className="flex flex-wrap justify-between gap-x-2">
        <span>
          {n === bars.length ? 'Last' : `${n} of the last`} {bars.length} activations
        </span>
        <span>{figures}</span>
      </p>
    </div>
  )
}
