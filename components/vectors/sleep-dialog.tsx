import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Facts } from './facts'
import { sleepName } from './sleep-select'

/** What the setting would give up at once, before it is made. */
export function SleepDialog({ afterDays, onClose }: { afterDays: number | null; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const idle = useQuery(trpc.vectors.idle.queryOptions(afterDays === null ? skipToken : { days: afterDays }))
  const set = useMutation(
    trpc.vectors.setSleep.mutationOptions({
      onSuccess: () => {
        toast.done(`Idle indexes ${sleepName(afterDays)}`)
        onClose()
      },
      onSettled: () => queryClient.invalidateQueries(trpc.vectors.pathFilter()),
    }),
  )
  const never = afterDays === null
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={never ? 'Keep idle indexes?' : `Let idle indexes ${sleepName(afterDays)}?`}
      description={
        never
          ? 'None is given up by itself any more. Those that sleep stay asleep until they are searched or written to.'
          : 'An index that was neither searched nor written to for so long is dropped. Its items stay, and are searched exactly. The next search or write brings the index back as it was.'
      }
      confirmLabel={never ? 'Keep them' : 'Let them sleep'}
      ready={never || idle.data !== undefined}
      pending={set.isPending}
      error={set.error?.message ?? idle.error?.message}
      onConfirm={() => set.mutate({ afterDays })}
    >
      {idle.data && (
        <div className="rounded-md border border-line">
          <Facts
            rows={[
              { name: 'Indexes idle for so long now', value: count(idle.data.tenants) },
              { name: 'Freed at once', value: bytesText(idle.data.bytes) },
              ...(idle.data.tenants > 0 ? [{ name: 'The largest', value: idle.data.largest.join(', ') }] : []),
            ]}
          />
        </div>
      )}
    </ConfirmDialog>
  )
}
