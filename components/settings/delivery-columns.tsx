import { CountCell, DurationCell, MissingCell, MonoCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Age } from '@/components/feedback/age'
import { Until } from '@/components/feedback/until'
import { Button } from '@/components/ui/button'
import { Chip, type ChipTone } from '@/components/ui/chip'
import type { ListedDelivery } from '@/server/services/webhooks/list-deliveries'

const tones = { delivered: 'ok', failed: 'bad', pending: 'warn' } as const satisfies Record<
  ListedDelivery['state'],
  ChipTone
>

export function deliveryColumns(onRetry: (delivery: ListedDelivery) => void): DataColumn<ListedDelivery>[] {
  return [
    {
      key: 'event',
      header: 'Event',
      cell: ({ event, webhook }) => (
        <span className="grid max-w-64 @max-lg:max-w-44">
          <MonoCell>{event}</MonoCell>
          <span className="truncate text-sm text-muted">{webhook}</span>
        </span>
      ),
      sortBy: ({ event, webhook }) => `${event} ${webhook}`,
    },
    { key: 'created', header: 'Since', cell: ({ createdAt }) => <Age at={createdAt} />, wideOnly: true },
    { key: 'state', header: 'State', cell: ({ state }) => <Chip tone={tones[state]}>{state}</Chip> },
    {
      key: 'attempts',
      header: 'Attempts',
      numeric: true,
      cell: ({ attempts }) => <CountCell value={attempts} />,
      sortBy: ({ attempts }) => attempts,
      wideOnly: true,
    },
    {
      key: 'status',
      header: 'Answer',
      hint: 'Of the newest attempt',
      numeric: true,
      cell: ({ status, attempts }) => status ?? <MissingCell why={attempts === 0 ? 'not tried yet' : 'no answer'} />,
      wideOnly: true,
    },
    {
      key: 'took',
      header: 'Took',
      numeric: true,
      cell: ({ durationMs }) => <DurationCell ms={durationMs} missing="not tried yet" />,
      wideOnly: true,
    },
    {
      key: 'next',
      header: 'Next attempt',
      cell: ({ nextAttemptAt, paused }) =>
        nextAttemptAt ? (
          <Until at={nextAttemptAt} />
        ) : (
          <MissingCell why={paused ? 'the webhook is off' : 'it is over'} />
        ),
      wideOnly: true,
    },
    {
      key: 'error',
      header: 'Error',
      cell: ({ error }) =>
        error ? (
          <span className="block max-w-52 truncate text-muted" title={error}>
            {error}
          </span>
        ) : (
          <MissingCell why="none" />
        ),
      wideOnly: true,
    },
    {
      key: 'actions',
      header: '',
      numeric: true,
      cell: (delivery) =>
        delivery.state === 'delivered' ? null : (
          <Button onClick={() => onRetry(delivery)} aria-label={`Retry ${delivery.event} to ${delivery.webhook}`}>
            Retry
          </Button>
        ),
    },
  ]
}
