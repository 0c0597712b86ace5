'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { Segmented } from '@/components/ui/segmented'
import { UsageTabs } from '@/components/usage/usage-tabs'
import { AliasesPanel } from './aliases-panel'
import { CorrectionsPanel } from './corrections-panel'
import { InUsePanel } from './in-use-panel'
import type { Opened } from './opened'
import { OverridesPanel } from './overrides-panel'
import { PriceDialogs } from './price-dialogs'
import { type PriceView, priceViews, usePrices } from './prices-params'
import { UnpricedPanel } from './unpriced-panel'

const labels: Record<PriceView, string> = {
  'in-use': 'In use',
  unpriced: 'Unpriced',
  overrides: 'Overrides',
  aliases: 'Aliases',
  corrections: 'Corrections',
}
const panels = {
  'in-use': InUsePanel,
  unpriced: UnpricedPanel,
  overrides: OverridesPanel,
  aliases: AliasesPanel,
  corrections: CorrectionsPanel,
}

/** What models cost: the prices in use, what has none, and what operators entered and corrected. */
export function PricesScreen() {
  const { scope, view, setParams } = usePrices()
  const [opened, setOpened] = useState<Opened | null>(null)
  const unpriced = useQuery(useTRPC().prices.unpriced.queryOptions({ tenant: scope.tenant }))
  const waiting = unpriced.data?.total ?? 0
  const label = (one: PriceView) =>
    one === 'unpriced' && waiting > 0 ? `${labels[one]} ${count(waiting)}` : labels[one]
  const View = panels[view]
  return (
    // As wide as the page, whatever the tables in it need: they scroll by themselves.
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <UsageTabs>
        <div className="max-w-[calc(100vw-2rem)] overflow-x-auto">
          <Segmented
            label="Prices"
            value={view}
            onValueChange={(next) => void setParams({ view: next === 'in-use' ? null : next })}
            options={priceViews.map((value) => ({ value, label: label(value) }))}
          />
        </div>
      </UsageTabs>
      <View onOpen={setOpened} />
      {opened && <PriceDialogs opened={opened} onOpen={setOpened} />}
    </div>
  )
}
