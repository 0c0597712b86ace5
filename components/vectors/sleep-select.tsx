import { Select } from '@/components/ui/select'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { sleepChoices } from '@/server/services/vectors/sleep/sleep.schema'

const NEVER = 'never'
export const sleepName = (days: number | null) =>
  days === null ? 'never sleep' : days === 1 ? 'sleep after a day' : `sleep after ${days} days`

/** When indexes that nobody uses are given up. */
export function SleepSelect({
  afterDays,
  onChoose,
}: {
  afterDays: number | null
  onChoose: (afterDays: number | null) => void
}) {
  const days = [...new Set([...sleepChoices, ...(afterDays === null ? [] : [afterDays])])].sort((a, b) => a - b)
  return (
    <Select
      label="Idle indexes"
      prefix="Idle:"
      disabled={!useMayChange()}
      value={afterDays === null ? NEVER : String(afterDays)}
      onValueChange={(value) => onChoose(value === NEVER ? null : Number(value))}
      options={[
        ...days.map((choice) => ({ value: String(choice), label: sleepName(choice) })),
        { value: NEVER, label: sleepName(null) },
      ]}
    />
  )
}
