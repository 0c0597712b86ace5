'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { toast } from '@/components/feedback/toaster'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { ListedModel } from '@/server/services/vectors/models/list-models'
import { modelColumns } from './model-columns'
import { RegisterModelDialog } from './register-model-dialog'
import { VectorsTabs } from './vectors-tabs'

/** The models that Engram can embed by itself; a tenant changes to one of them on the page of tenants. */
export function ModelsScreen() {
  const models = useQuery(useTRPC().embedding.models.queryOptions())
  const state = useUsageState(models, 'the models')
  const isAdmin = useOperator().role === 'admin'
  const [registering, setRegistering] = useState(false)
  const [removing, setRemoving] = useState<ListedModel | null>(null)
  return (
    <>
      <VectorsTabs />
      <Panel
        title="Embedding models"
        memory="postgres"
        edge
        note="what tenants can be re-embedded by"
        actions={isAdmin && <Button onClick={() => setRegistering(true)}>Register a model</Button>}
        state={state}
        minHeight={120}
      >
        <DataTable
          label="Embedding models"
          columns={modelColumns(isAdmin ? setRemoving : null)}
          rows={models.data ?? []}
          rowKey={({ name }) => name}
          alreadySorted
        />
        <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
          The built-in model hashes words: it calls nobody and knows nothing of meaning. Use it to try a change of the
          model. {!isAdmin && 'An admin registers others.'}
        </p>
      </Panel>
      {registering && <RegisterModelDialog onClose={() => setRegistering(false)} />}
      {removing && <RemoveModel model={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

function RemoveModel({ model: { name, tenants, hasKey }, onClose }: { model: ListedModel; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.embedding.remove.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.embedding.pathFilter())
        toast.done(`${name} is removed`)
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${name}?`}
      description={`Engram forgets its address${hasKey ? ' and its key' : ''}. ${
        tenants > 0 ? 'Vectors that it made stay and are searched as before.' : 'No tenant has vectors of it.'
      }`}
      confirmLabel="Remove model"
      danger
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() => remove.mutate({ name })}
    />
  )
}
