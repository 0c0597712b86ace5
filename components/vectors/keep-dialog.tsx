import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Facts } from './facts'

/** What is kept of searches, of whom, and for what; or what goes. */
export function KeepDialog({ keep, onClose }: { keep: boolean; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const kept = useQuery(trpc.vectors.keptSearches.queryOptions())
  const set = useMutation(
    trpc.vectors.setKeeping.mutationOptions({
      onSuccess: ({ deleted }) => {
        toast.done(keep ? 'Some searches are kept from now on' : `No search is kept, and ${count(deleted)} are deleted`)
        onClose()
      },
      onSettled: () => queryClient.invalidateQueries(trpc.vectors.pathFilter()),
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={keep ? 'Keep some real searches?' : 'Keep no searches?'}
      description={
        keep
          ? 'Of every tenant, one search a minute: its vector and the kind that it filters on, no text and no user, for 30 days at the most. Recall is then measured by what is really asked. A vector can say what its text was about, so ask those whose data it is. Erasing a tenant erases them.'
          : 'Those that were kept are deleted now. Recall is measured by sampled items again.'
      }
      confirmLabel={keep ? 'Keep some' : 'Delete them'}
      danger={!keep}
      ready={kept.data !== undefined}
      pending={set.isPending}
      error={set.error?.message ?? kept.error?.message}
      onConfirm={() => set.mutate({ keep })}
    >
      {kept.data && (
        <div className="rounded-md border border-line">
          <Facts
            rows={
              keep
                ? [{ name: 'Kept of a tenant at the most', value: count(kept.data.most) }]
                : [
                    { name: 'Kept now', value: `${count(kept.data.searches)} of ${count(kept.data.tenants)} tenants` },
                    { name: 'On disk', value: bytesText(kept.data.bytes) },
                  ]
            }
          />
        </div>
      )}
    </ConfirmDialog>
  )
}
