import { count } from '@/components/format/count'
import { moneyExact } from '@/components/format/money'
import { Card, CardHeader } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import type { CostPart } from '@/server/services/usage/cost-parts'
import type { UsageRequest } from '@/server/services/usage/usage-request'

const partNames: Record<CostPart['name'], string> = {
  input: 'Input, fresh',
  'cache read': 'Input, cached',
  'cache write': 'Input, cache write',
  output: 'Output',
  request: 'Fee per request',
}
const cell = 'border-t border-line px-2 py-1 text-right tabular-nums first:pl-3.5 last:pr-3.5'
const trimmed = (decimal: string) => (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal)

/** What the call cost and how that is made up, to the last digit; or why it has no cost. */
export function CallCost({ call }: { call: UsageRequest }) {
  const { cost } = call
  return (
    <Card aria-label="Cost">
      <CardHeader
        title={<>Cost {call.costUsd === null ? 'unpriced' : moneyExact(trimmed(call.costUsd))}</>}
        memory="postgres"
        note={call.price && `${call.price.provider}/${call.price.model}, ${call.price.source}`}
      />
      {cost.kind === 'parts' ? (
        <Parts cost={cost} />
      ) : (
        <p className={cn('border-t border-line px-3.5 py-2', cost.kind === 'unpriced' ? 'bg-warn-soft' : 'text-muted')}>
          {cost.why}
        </p>
      )}
    </Card>
  )
}

function Parts({ cost }: { cost: Extract<UsageRequest['cost'], { kind: 'parts' }> }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">How the cost is made up</caption>
        <thead className="text-faint">
          <tr>
            {['Class', 'Tokens', 'Rate', 'Cost'].map((name, index) => (
              <th
                key={name}
                scope="col"
                className={cn(
                  'px-2 py-1 font-normal first:pl-3.5 last:pr-3.5',
                  index === 0 ? 'text-left' : 'text-right',
                )}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cost.parts.map((part) => (
            <tr key={part.name}>
              <th scope="row" className={cn(cell, 'text-left font-normal')}>
                {partNames[part.name]}
              </th>
              <td className={cell}>{part.name === 'request' ? '' : count(part.tokens)}</td>
              <td className={cell}>
                {moneyExact(trimmed(part.rate))} {part.name === 'request' ? 'per 1,000' : 'per 1 M'}
                {part.above !== null && (
                  <span className="block text-xs text-faint">tier above {count(part.above)} input tokens</span>
                )}
              </td>
              <td className={cell}>{moneyExact(trimmed(part.costUsd))}</td>
            </tr>
          ))}
          <tr className="font-medium">
            <th scope="row" colSpan={3} className={cn(cell, 'text-left font-medium')}>
              Together
            </th>
            <td className={cell}>{moneyExact(trimmed(cost.totalUsd))}</td>
          </tr>
        </tbody>
      </table>
      {!cost.adds && (
        <p className="border-t border-line bg-bad-soft px-3.5 py-1.5 text-sm text-bad">
          The stored cost is another one: this call was not costed at these rates.
        </p>
      )}
    </div>
  )
}
