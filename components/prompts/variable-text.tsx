import { cn } from '@/components/ui/cn'
import { pieces, type Piece } from './prepare-diff'

const marks = { added: 'bg-ok/28', removed: 'bg-bad/28', same: '' } as const

/** One line of a prompt: variables stand out, and so do words that changed. */
export function Pieces({ of, kind = 'same' }: { of: Piece[]; kind?: keyof typeof marks }) {
  return of.map(({ text, changed, variable }, index) => (
    <span
      key={index}
      className={cn('rounded-[2px]', variable && 'bg-pg-soft px-px text-pg-ink', changed && !variable && marks[kind])}
    >
      {text}
    </span>
  ))
}

export function VariableText({ text }: { text: string }) {
  return <Pieces of={pieces(text, [])} />
}
