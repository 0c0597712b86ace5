import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Panel } from '@/components/feedback/panel'
import { useTRPC } from '@/components/shell/trpc'
import { Bar } from '@/components/ui/bar'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { useUsageState } from '@/components/usage/use-usage-state'
import { ChangeModelDialog } from './change-model-dialog'
import { Facts } from './facts'
import { ReEmbeddingActions } from './re-embedding-actions'
import { changeRows, stepText } from './re-embedding-words'

const EVERY_MS = 10_000
const BUSY_MS = 1_500
const still = ['whole', 'standing']

/** By which model a tenant is searched, and the change to another one: how far it is, what it costs, what can be done. */
export function ReEmbeddingPanel({ tenant }: { tenant: string }) {
  const report = useQuery(
    useTRPC().embedding.of.queryOptions(
      { tenant },
      {
        refetchInterval: ({ state }) => {
          const step = state.data?.change?.step
          return step === undefined || still.includes(step) ? EVERY_MS : BUSY_MS
        },
      },
    ),
  )
  const state = useUsageState(report, `the embedding model of ${tenant}`)
  const [choosing, setChoosing] = useState(false)
  const mayChange = useMayChange()
  const { data } = report
  const active = data?.active.model
  return (
    <Panel
      title="Embedding model"
      memory="postgres"
      note={data?.change ? `to ${data.change.toModel}` : undefined}
      actions={
        mayChange &&
        active &&
        !data.change && <Button onClick={() => setChoosing(true)}>Change the embedding model</Button>
      }
      source={
        data && {
          stores: ['postgres'],
          from: 'memory_partitions, memory_re_embeddings, jobs',
          asOf: data.asOf,
          precision: 'exact',
          detail:
            'Tokens as the endpoint counted them; where it did not, four characters each, which is said. Costs at the price of the model when the change began; what is to come by the tokens and the pace per item so far.',
        }
      }
      state={state}
      minHeight={72}
    >
      {data && !data.change && (
        <p className="px-3.5 pb-2.5 text-muted">
          {active ? `Searched by ${active}, ${data.active.dimensions} dimensions.` : 'There are no items yet.'}
        </p>
      )}
      {data?.change && (
        <>
          <div role="status" aria-label="Change of the embedding model" className="grid gap-1.5 px-3.5 pb-2">
            <p>{stepText(data, data.change)}</p>
            {data.change.progress !== null && <Bar share={data.change.progress} memory="postgres" />}
          </div>
          {data.change.error && (
            <p role="alert" className="px-3.5 pb-2 text-bad">
              {data.change.error}
            </p>
          )}
          <Facts rows={changeRows(data, data.change)} />
          {mayChange && <ReEmbeddingActions tenant={tenant} report={data} change={data.change} />}
        </>
      )}
      {choosing && active && <ChangeModelDialog tenant={tenant} active={active} onClose={() => setChoosing(false)} />}
    </Panel>
  )
}
