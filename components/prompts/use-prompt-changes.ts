'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { durationText } from '@/components/format/duration'
import { servedText } from '@/components/format/served'
import { useTRPC } from '@/components/shell/trpc'
import type { AskedForApproval } from '@/server/services/prompts/approvals.schema'
import type { Activation, RolloutActivation } from '@/server/services/prompts/prompts.schema'

/** What Postgres and Redis said, in one line. */
export const appliedText = ({ committedAt, appliedAt }: Activation) =>
  appliedAt === null
    ? 'Committed. Redis does not answer; it will be told as soon as it does.'
    : `Committed, applied ${durationText(Date.parse(appliedAt) - Date.parse(committedAt))} later.`

/** The revision that a move made; null where it waits for approval. */
export const revisionOf = (moved: { revision: number } | AskedForApproval) =>
  'approval' in moved ? null : moved.revision

const sayAsked = ({ approval: { channel } }: AskedForApproval) =>
  toast.note('Asked for approval', { detail: `Somebody else has to approve changes on ${channel}.` })

/** The changes that can be made to prompts; after each, everything that shows prompts is asked again. */
export function usePromptChanges() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refresh = () =>
    Promise.all(
      [trpc.prompts.pathKey(), trpc.overview.pathKey()].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    )
  const moved = (what: string) => ({
    onSuccess: (activation: Activation | AskedForApproval) => {
      if ('approval' in activation) sayAsked(activation)
      else toast.done(`${what} v${activation.version}`, { detail: appliedText(activation) })
      return refresh()
    },
    // Somebody else was faster: what is shown is old.
    onError: () => void refresh(),
  })
  const rolledOut = {
    onSuccess: (activation: RolloutActivation | AskedForApproval) => {
      if ('approval' in activation) sayAsked(activation)
      else toast.done(servedText(activation), { detail: appliedText(activation) })
      return refresh()
    },
    onError: () => void refresh(),
  }
  return {
    activate: useMutation(trpc.prompts.activate.mutationOptions(moved('Activated'))),
    rollOut: useMutation(trpc.prompts.rollOut.mutationOptions(rolledOut)),
    rollOutGuarded: useMutation(trpc.prompts.rollOutGuarded.mutationOptions(rolledOut)),
    stopGuard: useMutation(
      trpc.prompts.stopGuard.mutationOptions({ onSuccess: refresh, onError: () => void refresh() }),
    ),
    rollback: useMutation(trpc.prompts.rollback.mutationOptions(moved('Rolled back to'))),
    create: useMutation(trpc.prompts.create.mutationOptions({ onSuccess: refresh })),
    importPrompt: useMutation(
      trpc.prompts.import.mutationOptions({
        onSuccess: ({ name, versions }) => {
          toast.done(`Imported ${name}`, { detail: `${versions.added.length} versions added.` })
          return refresh()
        },
      }),
    ),
    createVersion: useMutation(
      trpc.prompts.createVersion.mutationOptions({
        onSuccess: ({ version }) => {
          toast.done(`Added v${version}`, { detail: 'It serves nobody until it is activated.' })
          return refresh()
        },
      }),
    ),
  }
}
