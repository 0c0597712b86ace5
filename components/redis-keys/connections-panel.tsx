import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { DataColumn } from '@/components/data-table/column'
import { MonoCell, TextCell } from '@/components/data-table/cells'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { toast } from '@/components/feedback/toaster'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Switch } from '@/components/ui/switch'
import type { ListedConnection } from '@/server/services/redis-keys/connections'
import { AddConnectionDialog } from './add-connection-dialog'

type Props = { connections: Parameters<typeof panelState>[0] & { data: ListedConnection[] | undefined } }

/** Every Redis that can be looked at; an admin says which may be changed. */
export function ConnectionsPanel({ connections }: Props) {
  const isAdmin = useOperator().role === 'admin'
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<ListedConnection | null>(null)
  const { setWritable, remove } = useConnectionChanges(() => setRemoving(null))
  return (
    <Panel
      title="Connections"
      memory="redis"
      note="read-only unless an admin allows changes"
      actions={isAdmin && <Button onClick={() => setAdding(true)}>Add a connection</Button>}
      state={panelState(connections, 'the connections')}
      minHeight={72}
    >
      <DataTable
        label="Connections"
        columns={columnsOf(isAdmin, {
          allow: (id, writable) => setWritable.mutate({ connection: id, writable }),
          remove: setRemoving,
        })}
        rows={connections.data ?? []}
        rowKey={({ id }) => id}
        alreadySorted
      />
      {adding && <AddConnectionDialog onClose={() => setAdding(false)} />}
      {removing && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setRemoving(null)}
          title={`Remove ${removing.name}?`}
          description="Nothing changes in that Redis; Engram forgets its address and its password."
          confirmLabel="Remove connection"
          danger
          pending={remove.isPending}
          error={remove.error?.message}
          onConfirm={() => remove.mutate({ connection: removing.id })}
        />
      )}
    </Panel>
  )
}

function useConnectionChanges(onRemoved: () => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSettled = () => void queryClient.invalidateQueries(trpc.redisKeys.pathFilter())
  const setWritable = useMutation(
    trpc.redisKeys.setWritable.mutationOptions({
      onSettled,
      onSuccess: ({ writable }) => toast.done(writable ? 'Operators may change it now' : 'It is read-only now'),
      onError: ({ message }) => toast.failed(message),
    }),
  )
  const remove = useMutation(trpc.redisKeys.removeConnection.mutationOptions({ onSettled, onSuccess: onRemoved }))
  return { setWritable, remove }
}

type Changes = { allow: (id: string, writable: boolean) => void; remove: (connection: ListedConnection) => void }

function columnsOf(isAdmin: boolean, changes: Changes): DataColumn<ListedConnection>[] {
  const action: DataColumn<ListedConnection>[] = isAdmin
    ? [
        {
          key: 'action',
          header: '',
          numeric: true,
          cell: (row) =>
            row.id !== 'own' && (
              <Button
                variant="ghost"
                className="-my-1"
                aria-label={`Remove ${row.name}`}
                onClick={() => changes.remove(row)}
              >
                Remove
              </Button>
            ),
        },
      ]
    : []
  return [
    { key: 'name', header: 'Name', cell: ({ name }) => <TextCell>{name}</TextCell> },
    {
      key: 'address',
      header: 'Address',
      wideOnly: true,
      cell: ({ urls, id }) =>
        id === 'own' ? <TextCell muted>REDIS_URL</TextCell> : <MonoCell>{urls.join(', ')}</MonoCell>,
    },
    {
      key: 'access',
      header: 'Access',
      wideOnly: true,
      cell: ({ cluster, hasPassword, id }) => (
        <TextCell muted>
          {id === 'own'
            ? 'as Engram itself'
            : `${cluster ? 'cluster, ' : ''}${hasPassword ? 'with a password' : 'no password'}`}
        </TextCell>
      ),
    },
    {
      key: 'writable',
      header: 'Changes',
      cell: ({ id, name, writable }) =>
        isAdmin ? (
          <Switch
            aria-label={`Changes in ${name}`}
            checked={writable}
            onCheckedChange={(to) => changes.allow(id, to)}
          />
        ) : (
          <TextCell muted>{writable ? 'allowed' : 'read-only'}</TextCell>
        ),
    },
    ...action,
  ]
}
