import type { ComponentProps, FormEvent } from 'react'
import { count } from '@/components/format/count'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/input'

type FindProps = Pick<ComponentProps<typeof Input>, 'defaultValue' | 'placeholder' | 'title'> & {
  /** Null where nothing was typed. */
  onFind: (typed: string | null) => void
}

/** Asks for one member of a board. */
export function FindMember({ onFind, ...input }: FindProps) {
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onFind(String(new FormData(event.currentTarget).get('member') ?? '') || null)
  }
  return (
    <form key={String(input.defaultValue)} onSubmit={find} className="flex gap-2">
      <Input name="member" aria-label="Member" className="min-w-0 flex-1" autoComplete="off" {...input} />
      <Button type="submit">Find</Button>
    </form>
  )
}

/** Who stands around a member, the member among them; scores as they are shown. */
export function Neighbours({ of }: { of: { id: string; rank: number; name: string; score: string; own: boolean }[] }) {
  return (
    <ol aria-label="Neighbours">
      {of.map(({ id, rank, name, score, own }) => (
        <li
          key={id}
          aria-current={own || undefined}
          className={cn('flex gap-2 rounded-sm px-1.5 py-0.5', own && 'bg-sunken font-medium')}
        >
          <span className="w-12 shrink-0 text-right text-muted tabular-nums">{count(rank)}</span>
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <span className="tabular-nums">{score}</span>
        </li>
      ))}
    </ol>
  )
}

/** A row's place in a ranking, and whose it is. */
export function PlaceCell({ rank, member }: { rank: number; member: string }) {
  return (
    <span className="flex max-w-96 gap-3">
      <span className="min-w-6 text-right text-muted tabular-nums">{count(rank)}</span>
      <span className="truncate">{member}</span>
    </span>
  )
}
