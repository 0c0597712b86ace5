import { CountCell, MissingCell, MonoCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { countText } from '@/components/format/count'
import { dayTime } from '@/components/format/instant'
import { money, moneyExact } from '@/components/format/money'
import type { LiveAnswer, ModelPrice } from '@/server/services/prompts/what-was-live.schema'

type Rates = NonNullable<ModelPrice['rates']>
type Token = 'input' | 'output' | 'cacheRead' | 'cacheWrite'

/** Prices are told in full: a rounded one is another price. */
const price = (usd: string) => (/\.\d{3}/.test(usd) ? moneyExact(usd) : money(usd))

/** "$1.25 · $2.50 above 200 k" */
function Rate({ rates, of, none }: { rates: Rates | null; of: Token; none: string }) {
  const rate = rates?.[of]
  if (!rate) return <MissingCell why={rates ? none : 'no price is known for this model'} />
  const tiers = rate.tiers.map((tier) => `${price(tier.price)} above ${countText(tier.start)}`)
  return <>{[price(rate.base), ...tiers].join(' · ')}</>
}

const rateColumn = (of: Token, header: string, none: string, wideOnly = false): DataColumn<ModelPrice> => ({
  key: of,
  header,
  hint: 'US dollars per million tokens',
  numeric: true,
  cell: ({ rates }) => <Rate rates={rates} of={of} none={none} />,
  wideOnly,
})

const columns: DataColumn<ModelPrice>[] = [
  { key: 'model', header: 'Model', cell: ({ model }) => <MonoCell>{model}</MonoCell> },
  { key: 'provider', header: 'Provider', cell: ({ provider }) => provider, wideOnly: true },
  { key: 'calls', header: 'Calls', numeric: true, cell: ({ calls }) => <CountCell value={calls} compact /> },
  rateColumn('input', 'Input', 'none published'),
  rateColumn('output', 'Output', 'none published'),
  rateColumn('cacheRead', 'Cache read', 'none published: billed as input', true),
  rateColumn('cacheWrite', 'Cache write', 'none published: billed as input', true),
]

/** What the models in use cost at the instant. */
export function PricesPanel({
  prices,
  at,
  timezone,
  tenant,
  state,
}: {
  prices: LiveAnswer['prices'] | undefined
  at: string | undefined
  timezone: string
  tenant: string | null
  state: PanelState
}) {
  const window = prices && at && `${dayTime(prices.from, timezone, at)} to ${dayTime(prices.to, timezone, at)}`
  return (
    <Panel
      title="Prices in force"
      memory="postgres"
      note={prices && 'per million tokens'}
      source={
        prices && {
          stores: ['postgres'],
          from: 'models from usage; prices from genai-prices, as calls are costed',
          window,
          precision: 'exact',
          detail: `The models that ${tenant ?? 'all tenants'} called in this stretch, and their published price at the instant.`,
        }
      }
      state={state}
      minHeight={96}
      className="overflow-hidden"
    >
      {prices && (
        <DataTable
          label="Prices in force"
          memory="postgres"
          columns={columns}
          rows={prices.models}
          rowKey={({ provider, model }) => `${provider}/${model}`}
          alreadySorted
          total={prices.total}
        />
      )}
    </Panel>
  )
}
