'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { toast } from '@/components/feedback/toaster'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { memoryName } from '@/components/ui/memory'
import { Switch } from '@/components/ui/switch'
import type { KvReport } from '@/server/services/kv/kv-report'

const stores = ['redis', 'postgres'] as const

/** Which memories serve production; only an admin may say so. */
export function ProductionMarks({ marked }: { marked: KvReport['production'] }) {
  const id = useId()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const isAdmin = useOperator().role === 'admin'
  const mark = useMutation(
    trpc.kv.markProduction.mutationOptions({
      onSettled: () => void queryClient.invalidateQueries(trpc.kv.pathFilter()),
      onError: ({ message }) => toast.failed(message),
    }),
  )
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-t border-line px-3.5 py-2 text-sm">
      <span className="text-muted">Serves production, so that a duel asks twice:</span>
      {stores.map((store) => (
        <span key={store} className="inline-flex items-center gap-2">
          <Switch
            id={`${id}-${store}`}
            checked={marked.includes(store)}
            disabled={!isAdmin || mark.isPending}
            onCheckedChange={(production) => mark.mutate({ store, production })}
          />
          <label htmlFor={`${id}-${store}`}>{memoryName[store]}</label>
        </span>
      ))}
    </div>
  )
}
