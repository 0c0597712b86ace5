import { Ellipsis } from 'lucide-react'
import { MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Age } from '@/components/feedback/age'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import type { ListedWebhook } from '@/server/services/webhooks/list-webhooks'

type Options = {
  /** Id of the webhook that is being tried. */
  testing: string | null
  onTest: (webhook: ListedWebhook) => void
  onChoose: (kind: 'edit' | 'delete', webhook: ListedWebhook) => void
}

export function webhookColumns({ testing, onTest, onChoose }: Options): DataColumn<ListedWebhook>[] {
  return [
    {
      key: 'name',
      header: 'Name',
      cell: ({ name, enabled }) => (
        <span className="flex items-center gap-2">
          <TextCell>{name}</TextCell>
          {!enabled && <Chip>off</Chip>}
        </span>
      ),
      sortBy: ({ name }) => name.toLowerCase(),
    },
    { key: 'url', header: 'Address', cell: ({ url }) => <MonoCell>{url}</MonoCell>, wideOnly: true },
    {
      key: 'events',
      header: 'Events',
      cell: ({ events }) => <TextCell muted>{events.map((event) => event.replace('prompt.', '')).join(', ')}</TextCell>,
      wideOnly: true,
    },
    {
      key: 'created',
      header: 'Created',
      cell: ({ createdAt, createdBy }) => (
        <TextCell muted>
          <Age at={createdAt} /> by {createdBy}
        </TextCell>
      ),
      sortBy: ({ createdAt }) => createdAt,
      wideOnly: true,
    },
    {
      key: 'actions',
      header: '',
      numeric: true,
      cell: (webhook) => (
        <span className="inline-flex items-center gap-1">
          <Button pending={testing === webhook.id} onClick={() => onTest(webhook)} aria-label={`Test ${webhook.name}`}>
            Send test
          </Button>
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <Button variant="ghost" size="icon" className="-my-1" aria-label={`Change ${webhook.name}`}>
                <Ellipsis aria-hidden />
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent>
              <DropdownMenuItem onSelect={() => onChoose('edit', webhook)}>Edit</DropdownMenuItem>
              <DropdownMenuItem danger onSelect={() => onChoose('delete', webhook)}>
                Delete
              </DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        </span>
      ),
    },
  ]
}
