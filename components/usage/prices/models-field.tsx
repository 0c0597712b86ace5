'use client'

import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Combobox } from '@/components/ui/combobox'
import type { ModelName } from './opened'
import { usePrices } from './prices-params'

const nameOf = ({ provider, model }: ModelName) => `${provider}/${model}`

/** All models, or some of those that were reported. */
export function ModelsField({
  models,
  onChange,
}: {
  models: ModelName[] | null
  onChange: (models: ModelName[] | null) => void
}) {
  const trpc = useTRPC()
  const { scope } = usePrices()
  const inUse = useQuery(trpc.prices.inUse.queryOptions(scope))
  const unpriced = useQuery(trpc.prices.unpriced.queryOptions({ tenant: scope.tenant }))
  const known = new Map(
    [...(inUse.data?.models ?? []), ...(unpriced.data?.models ?? [])].map((one) => [nameOf(one), one]),
  )
  const chosen = models ?? []
  const options = [...known.keys()]
    .filter((name) => !chosen.some((one) => nameOf(one) === name))
    .sort()
    .map((name) => ({ value: name, label: name }))
  const add = (name: string) => {
    const one = known.get(name)
    if (one) onChange([...chosen, { provider: one.provider, model: one.model }])
  }
  const remove = (name: string) => {
    const rest = chosen.filter((one) => nameOf(one) !== name)
    onChange(rest.length > 0 ? rest : null)
  }
  return (
    <fieldset className="grid gap-1.5">
      <legend className="pb-1 text-sm font-medium">Models, as reported</legend>
      {chosen.length === 0 && <p className="text-muted">All models</p>}
      {chosen.map(nameOf).map((name) => (
        <span key={name} className="flex items-center gap-1.5">
          <span className="truncate font-mono text-sm">{name}</span>
          <Button
            variant="ghost"
            size="icon"
            className="-my-1"
            aria-label={`Without ${name}`}
            onClick={() => remove(name)}
          >
            <X aria-hidden />
          </Button>
        </span>
      ))}
      <Combobox
        label="Add a model"
        value={null}
        onValueChange={add}
        options={options}
        placeholder={chosen.length > 0 ? 'Add another model' : 'Only some models'}
        className="justify-self-start"
      />
    </fieldset>
  )
}
