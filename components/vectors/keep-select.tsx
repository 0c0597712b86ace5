import { useOperator } from '@/components/shell/operator'
import { Select } from '@/components/ui/select'

const choices = { kept: true, dropped: false } as const
type Choice = keyof typeof choices

/** Whether some of what applications search for is kept, so that recall is measured by it. An admin decides. */
export function KeepSelect({ keep, onChoose }: { keep: boolean; onChoose: (keep: boolean) => void }) {
  return (
    <Select
      label="Real searches"
      prefix="Real searches:"
      disabled={useOperator().role !== 'admin'}
      value={keep ? 'kept' : 'dropped'}
      onValueChange={(value) => onChoose(choices[value as Choice])}
      options={[
        { value: 'dropped', label: 'not kept' },
        { value: 'kept', label: 'some kept' },
      ]}
    />
  )
}
