import { skipToken, useQuery } from '@tanstack/react-query'
import { count } from '@/components/format/count'
import { money } from '@/components/format/money'
import { useDebounced } from '@/components/prompts/use-debounced'
import { useTRPC } from '@/components/shell/trpc'
import { PreviewBudget } from '@/server/services/usage/budgets/budgets.schema'
import type { BudgetPreview as Preview } from '@/server/services/usage/budgets/preview-budget'
import { type BudgetDraft, inputOf } from './budget-draft'
import { whenText } from './budget-words'

const PAUSE_MS = 300

/** What the budget would have said of the last full period. */
export function BudgetPreview({ draft }: { draft: BudgetDraft }) {
  const { name: _, enforcement: __, ...typed } = inputOf(useDebounced(draft, PAUSE_MS))
  const parsed = PreviewBudget.safeParse(typed)
  const input = parsed.success ? parsed.data : null
  const preview = useQuery(useTRPC().budgets.preview.queryOptions(input ?? skipToken))
  return (
    <p aria-live="polite" className="rounded-md bg-sunken px-2.5 py-1.5 text-sm">
      {!input ? (
        'With an amount you see here what it would have said of the last period.'
      ) : preview.error ? (
        `What it would have said is not known: ${preview.error.message}`
      ) : preview.data ? (
        <PreviewText preview={preview.data} input={input} />
      ) : (
        'Counting the last period…'
      )}
    </p>
  )
}

function PreviewText({ preview, input }: { preview: Preview; input: PreviewBudget }) {
  const { spentUsd, percent, requests, unpriced, from, to, reached } = preview
  const told = reached.flatMap(({ threshold, at }) => (at ? [`${threshold} % on ${whenText(at, input, to)}`] : []))
  const last = input.period === 'rolling' ? `the ${input.rollingDays} days before` : `the last ${input.period}`
  return (
    <>
      In {last} (from {whenText(from, input, to)}) {money(spentUsd)} were spent on {count(requests)} calls, {percent} %
      of it. {told.length > 0 ? `It would have told you of ${told.join(', ')}.` : 'It would have told you nothing.'}
      {unpriced > 0 && <b className="font-medium"> {count(unpriced)} calls had no price and are not in it.</b>}
    </>
  )
}
