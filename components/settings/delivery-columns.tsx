import { CountCell, DurationCell, MissingCell, MonoCell, TextCell } from '@/components/data-table/cells'
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
    { key: 'event', header: 'Event', cell: ({ event }) => <MonoCell>{event}</MonoCell>, sortBy: ({ event }) => event },
    {
      key: 'webhook',
      header: 'Webhook',
      cell: ({ webhook }) => <TextCell>{webhook}</TextCell>,
      sortBy: ({ webhook }) => webhook.toLowerCase(),
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
      cell: ({ error }) => (error ? <TextCell muted>{error}</TextCell> : <MissingCell why="none" />),
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
