import { Ellipsis } from 'lucide-react'
import { MissingCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Age } from '@/components/feedback/age'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { OperatorRole } from '@/server/services/operators/operators.schema'
import type { listOperators } from '@/server/services/operators/list-operators'
import type { Change } from './operator-change'

export type ListedOperator = Awaited<ReturnType<typeof listOperators>>[number]
type OnChoose = (operator: ListedOperator, change: Change) => void

export function operatorColumns(selfId: string, onChoose?: OnChoose): DataColumn<ListedOperator>[] {
  const columns: DataColumn<ListedOperator>[] = [
    {
      key: 'name',
      header: 'Name',
      cell: (operator) => (
        <span className="flex items-center gap-2">
          <TextCell>{operator.name}</TextCell>
          {operator.id === selfId && <Chip>you</Chip>}
          {operator.disabledAt && <Chip tone="bad">disabled</Chip>}
        </span>
      ),
      sortBy: (operator) => operator.name.toLowerCase(),
    },
    {
      key: 'email',
      header: 'Email',
      cell: (operator) => <TextCell muted>{operator.email}</TextCell>,
      sortBy: (operator) => operator.email,
      wideOnly: true,
    },
    { key: 'role', header: 'Role', cell: (operator) => operator.role, sortBy: (operator) => operator.role },
    {
      key: 'lastSignIn',
      header: 'Last sign-in',
      hint: 'Of the sessions that still stand: a session lives for seven days.',
      cell: (operator) =>
        operator.lastSignInAt ? <Age at={operator.lastSignInAt} /> : <MissingCell why="not within the last week" />,
      sortBy: (operator) => operator.lastSignInAt,
      wideOnly: true,
    },
  ]
  if (onChoose)
    columns.push({
      key: 'actions',
      header: '',
      numeric: true,
      cell: (operator) => <Actions operator={operator} onChoose={(change) => onChoose(operator, change)} />,
    })
  return columns
}

function Actions({ operator, onChoose }: { operator: ListedOperator; onChoose: (change: Change) => void }) {
  const others = OperatorRole.options.filter((role) => role !== operator.role)
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" className="-my-1" aria-label={`Change ${operator.name}`}>
          <Ellipsis aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>{operator.email}</DropdownMenuLabel>
        {operator.disabledAt ? (
          <DropdownMenuItem onSelect={() => onChoose({ kind: 'enable' })}>Let sign in again</DropdownMenuItem>
        ) : (
          <>
            <DropdownMenuItem onSelect={() => onChoose({ kind: 'link' })}>One-time sign-in link</DropdownMenuItem>
            <DropdownMenuSeparator />
            <DropdownMenuLabel>Role</DropdownMenuLabel>
            {others.map((role) => (
              <DropdownMenuItem key={role} onSelect={() => onChoose({ kind: 'role', role })}>
                Make {role}
              </DropdownMenuItem>
            ))}
            <DropdownMenuSeparator />
            <DropdownMenuItem danger onSelect={() => onChoose({ kind: 'disable' })}>
              Disable
            </DropdownMenuItem>
          </>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
