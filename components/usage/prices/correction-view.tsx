'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CountCell, MoneyCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { PanelBody } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { Bar } from '@/components/ui/bar'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import type { ShownCorrection } from '@/server/services/usage/prices/read-correction'
import { CorrectionFacts } from './correction-facts'
import { DifferenceCell } from './difference-cell'
import { NameCell } from './name-cell'
import { useMayChange } from './use-may-change'

const RUNNING_MS = 700
type Part = ShownCorrection['differences']['parts'][number]

const columns: DataColumn<Part>[] = [
  { key: 'tenant', header: 'Tenant', cell: ({ tenant }) => <TextCell>{tenant}</TextCell> },
  { key: 'model', header: 'Model', cell: (part) => <NameCell {...part} /> },
  {
    key: 'requests',
    header: 'Requests',
    hint: 'Whose cost or price changes',
    numeric: true,
    cell: ({ requests }) => <CountCell value={requests} />,
  },
  {
    key: 'new',
    header: 'Newly priced',
    numeric: true,
    cell: ({ newlyPriced }) => <CountCell value={newlyPriced} />,
    wideOnly: true,
  },
  { key: 'before', header: 'Before', numeric: true, cell: ({ before }) => <MoneyCell usd={before} />, wideOnly: true },
  { key: 'after', header: 'After', numeric: true, cell: ({ after }) => <MoneyCell usd={after} /> },
  {
    key: 'difference',
    header: 'Difference',
    numeric: true,
    cell: ({ difference }) => <DifferenceCell usd={difference} />,
  },
]

/** A correction from its preview to its end: how far it is, what changes, and the decision. */
export function CorrectionView({ id, onClose }: { id: string; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const mayChange = useMayChange()
  const options = trpc.prices.correction.queryOptions({ id })
  const query = useQuery({
    ...options,
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data && /ing$/.test(data.state) ? RUNNING_MS : false),
  })
  const apply = useMutation(
    trpc.prices.applyCorrection.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.prices.pathFilter()),
    }),
  )
  const correction = query.data
  const running = correction && /ing$/.test(correction.state)
  const close = () => {
    // Costs are everywhere: what is on screen elsewhere is asked for again.
    if (correction?.appliedAt) void queryClient.invalidateQueries()
    onClose()
  }
  return (
    <>
      <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
        <PanelBody title="the correction" state={panelState(query, 'the correction')} minHeight={160}>
          {correction && (
            <div className="grid gap-3">
              {running && <Progress {...correction} />}
              <CorrectionFacts correction={correction} />
              {correction.differences.parts.length > 0 && (
                <DataTable
                  label="Differences"
                  memory="postgres"
                  columns={columns}
                  rows={correction.differences.parts}
                  rowKey={({ tenant, provider, model }) => `${tenant}/${provider}/${model}`}
                  alreadySorted
                  total={correction.differences.count}
                  maxHeight={280}
                />
              )}
            </div>
          )}
        </PanelBody>
        <p role="alert" className="text-bad empty:hidden">
          {apply.error?.message}
        </p>
      </div>
      <CardFooter>
        <Button size="md" onClick={close}>
          Close
        </Button>
        {correction?.state === 'previewed' && mayChange && correction.differences.total.requests > 0 && (
          <Button size="md" variant="primary" pending={apply.isPending} onClick={() => apply.mutate({ id })}>
            {`Change ${count(correction.differences.total.requests)} requests`}
          </Button>
        )}
      </CardFooter>
    </>
  )
}

function Progress({ state, scanned, expected }: ShownCorrection) {
  const doing = state === 'applying' ? 'Re-pricing' : 'Working out the difference'
  return (
    <div role="status" className="grid gap-1.5">
      <p className="text-sm text-muted">
        {doing}: {count(scanned)} of {count(expected)} requests. The worker does it and goes on without this window; it
        begins three seconds after the last change of a price.
      </p>
      <Bar share={expected === 0 ? 0 : scanned / expected} memory="postgres" />
    </div>
  )
}
