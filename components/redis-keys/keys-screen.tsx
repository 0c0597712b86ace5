'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { CacheTabs } from '@/components/cache/cache-tabs'
import { useTRPC } from '@/components/shell/trpc'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/feedback/empty-state'
import { ConnectionsPanel } from './connections-panel'
import { KeyPanel } from './key-panel'
import { KeysPanel } from './keys-panel'
import { DeleteBars } from './delete-bars'
import { fitsAddress, patternOf, useKeys } from './keys-params'
import { PatternDialog } from './pattern-dialog'
import { useScan } from './use-scan'

/** The keys of a Redis, one of them open beside them, and the connections that there are. */
export function KeysScreen() {
  const { params, setParams } = useKeys()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const mayChange = useMayChange()
  const connections = useQuery(trpc.redisKeys.connections.queryOptions())
  const names = new Map(connections.data?.map(({ id, name }) => [id, name]))
  const chosen = connections.data?.find(({ id }) => id === params.connection)
  /** The pattern whose keys may be deleted, while somebody is asked about it. */
  const [deleting, setDeleting] = useState<string | null>(null)
  const scanAnew = useCallback(
    () => void queryClient.resetQueries(trpc.redisKeys.scan.pathFilter()),
    [queryClient, trpc],
  )
  const scan = useScan(params)
  /** A name that is too long for the address. */
  const [long, setLong] = useState<string | null>(null)
  const selected = long ?? params.key
  const open = (key: string) => {
    const fits = fitsAddress(key)
    setLong(fits ? null : key)
    void setParams({ key: fits ? key : null })
  }
  return (
    <>
      <CacheTabs />
      <DeleteBars names={names} onEnd={scanAnew} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
        <KeysPanel
          scan={scan}
          connections={connections.data ?? []}
          selected={selected}
          onOpen={open}
          onDelete={mayChange && chosen?.writable ? setDeleting : null}
          onAnew={scanAnew}
          pattern={patternOf(params.q).pattern}
        />
        {selected === null ? (
          <Card className="grid min-h-64" aria-label="Key">
            <EmptyState
              title="No key is open."
              hint="Choose one on the left, or type its exact name. Nothing is read but what is shown: of large values a part at a time."
            />
          </Card>
        ) : (
          <KeyPanel
            key={`${params.connection} ${selected}`}
            keyRef={{ connection: params.connection, key: selected }}
          />
        )}
      </div>
      {deleting !== null && chosen && (
        <PatternDialog connection={chosen.id} name={chosen.name} pattern={deleting} onClose={() => setDeleting(null)} />
      )}
      <ConnectionsPanel connections={connections} />
    </>
  )
}
