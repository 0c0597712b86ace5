import { Select } from '@/components/ui/select'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { useVectorChanges } from './use-vector-changes'

const CHOICES = [0.8, 0.9, 0.95, 0.98, 0.99, 1]

/** The recall that is wanted of a tenant's searches: below it they are a verdict, and told to webhooks. */
export function TargetSelect({ tenant, target }: { tenant: string; target: number }) {
  const { setSearch } = useVectorChanges(tenant)
  const choices = [...new Set([...CHOICES, target])].sort((a, b) => a - b)
  return (
    <Select
      label="Recall wanted"
      prefix="Target:"
      disabled={!useMayChange() || setSearch.isPending}
      value={String(target)}
      onValueChange={(value) => setSearch.mutate({ tenant, recallTarget: Number(value) })}
      options={choices.map((choice) => ({ value: String(choice), label: String(choice) }))}
    />
  )
}
