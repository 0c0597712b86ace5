'use client'

import { useState } from 'react'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { ListedSessionNamespace } from '@/server/services/sessions/sessions-report'
import { lostWith, otherOf, type StoreName, storeNames, storePhrases } from './store-words'
import { useNamespaces } from './use-namespaces'

const stores: StoreName[] = ['unlogged', 'redis']

/** Makes a namespace and chooses where its sessions live. */
export function NewNamespaceDialog({ onClose }: { onClose: () => void }) {
  const { create } = useNamespaces()
  const [name, setName] = useState('')
  const [store, setStore] = useState<StoreName>('unlogged')
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New namespace"
      description="Sessions whose id begins with its name and a colon. Those that live already move to the store that you choose, while applications go on."
      confirmLabel="Make namespace"
      ready={name.trim() !== ''}
      pending={create.isPending}
      onConfirm={() => create.mutate({ name: name.trim(), store }, { onSuccess: onClose })}
    >
      <Field
        label="Name"
        hint={`As in PUT /v1/sessions/${name.trim() || 'carts'}:4711`}
        error={create.error?.message ?? null}
      >
        <Input
          value={name}
          onChange={({ target }) => setName(target.value)}
          placeholder="carts"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <Field label="Lives in" hint={lostWith[store]}>
        <Select
          value={store}
          onValueChange={(value) => setStore(stores.find((one) => one === value) ?? store)}
          options={stores.map((value) => ({ value, label: storeNames[value] }))}
        />
      </Field>
    </ConfirmDialog>
  )
}

/** Moves the sessions of a namespace to the other store. */
export function MoveSessionsDialog({
  namespace: { name, store },
  onClose,
}: {
  namespace: ListedSessionNamespace
  onClose: () => void
}) {
  const { move } = useNamespaces()
  const to = otherOf(store)
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Move ${name} to ${storePhrases[to]}`}
      description={`Its sessions live in ${storePhrases[store]}. Applications go on meanwhile: a session that is used moves first, the worker brings the rest, and none is lost. It takes ten seconds or more.`}
      confirmLabel="Move sessions"
      pending={move.isPending}
      error={move.error?.message}
      onConfirm={() => move.mutate({ name, store: to }, { onSuccess: onClose })}
    >
      <p className="rounded-md bg-sunken px-2.5 py-1.5 text-sm">{lostWith[to]}</p>
    </ConfirmDialog>
  )
}
