'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { count } from '@/components/format/count'
import { bytesText } from '@/components/format/bytes'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { monthsBeyond, NOTICE_DAYS } from '@/server/services/usage/retention.schema'
import type { UsageRetention } from '@/server/services/usage/usage-retention'
import { monthName } from './retention-columns'

type Props = { keepMonths: number | null; name: string; months: UsageRetention['months']; onClose: () => void }

/** Says what a change would let go, before it does. */
export function RetentionDialog({ keepMonths, name, months, onClose }: Props) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const going = monthsBeyond(months, keepMonths, new Date())
  const set = useMutation(
    trpc.settings.retention.set.mutationOptions({
      onSuccess: () => {
        toast.done(`Calls are kept ${name}`)
        onClose()
        return queryClient.invalidateQueries(trpc.settings.retention.read.queryFilter())
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Keep calls ${name}?`}
      description={
        going.length === 0
          ? 'Nothing there is now would go.'
          : `These go in ${NOTICE_DAYS} days, unless this is changed back before. After that it cannot be undone.`
      }
      confirmLabel={`Keep ${name}`}
      danger={going.length > 0}
      pending={set.isPending}
      error={set.error?.message}
      onConfirm={() => set.mutate({ keepMonths })}
    >
      {going.length > 0 && (
        <ul aria-label="What goes" className="grid gap-1">
          {going.map((month) => (
            <li key={month.month} className="flex justify-between gap-4 tabular-nums">
              <span className="font-mono">{monthName(month)}</span>
              <span className="text-muted">
                {month.rows === null ? 'not counted yet' : `about ${count(month.rows)} calls`}
                {month.bytes !== null && `, ${bytesText(month.bytes)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </ConfirmDialog>
  )
}
