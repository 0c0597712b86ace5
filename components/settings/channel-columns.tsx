import { CountCell, MissingCell, MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Age } from '@/components/feedback/age'
import { Switch } from '@/components/ui/switch'
import type { ListedChannel } from '@/server/services/prompts/list-channels'

type Options = {
  /** The channel whose rule is being changed. */
  pending: string | null
  onSet?: (channel: string, required: boolean) => void
}

export function channelColumns({ pending, onSet }: Options): DataColumn<ListedChannel>[] {
  return [
    { key: 'name', header: 'Channel', cell: ({ name }) => <MonoCell>{name}</MonoCell>, sortBy: ({ name }) => name },
    {
      key: 'prompts',
      header: 'Prompts',
      hint: 'That serve a version there',
      numeric: true,
      cell: ({ prompts }) => <CountCell value={prompts} />,
      sortBy: ({ prompts }) => prompts,
      wideOnly: true,
    },
    {
      key: 'changed',
      header: 'Rule set',
      cell: ({ changedAt, changedBy }) =>
        changedAt ? (
          <TextCell muted>
            <Age at={changedAt} /> by {changedBy}
          </TextCell>
        ) : (
          <MissingCell why="never set: no approval" />
        ),
      wideOnly: true,
    },
    {
      key: 'approval',
      header: 'Requires approval',
      numeric: true,
      cell: ({ name, requiresApproval }) =>
        onSet ? (
          <Switch
            aria-label={`Require approval on ${name}`}
            checked={requiresApproval}
            disabled={pending === name}
            onCheckedChange={(required) => onSet(name, required)}
          />
        ) : requiresApproval ? (
          'yes'
        ) : (
          'no'
        ),
    },
  ]
}
