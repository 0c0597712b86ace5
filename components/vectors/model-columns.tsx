import { CountCell, MissingCell, MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { count } from '@/components/format/count'
import { money } from '@/components/format/money'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import type { ListedModel } from '@/server/services/vectors/models/list-models'

/** `onRemove` is null for those who may not. */
export function modelColumns(onRemove: ((model: ListedModel) => void) | null): DataColumn<ListedModel>[] {
  return [
    {
      key: 'name',
      header: 'Model',
      cell: ({ name, local }) => (
        <span className="inline-flex flex-wrap items-center gap-1.5">
          {name}
          {local && (
            <Chip tone="warn" title="Words hashed into numbers: computed by Engram, without any meaning">
              local, not semantic
            </Chip>
          )}
        </span>
      ),
    },
    { key: 'dimensions', header: 'Dimensions', numeric: true, cell: (row) => <CountCell value={row.dimensions} /> },
    {
      key: 'endpoint',
      header: 'Endpoint',
      wideOnly: true,
      cell: ({ endpoint, hasKey }) =>
        endpoint === null ? (
          <TextCell muted>built in, calls nobody</TextCell>
        ) : (
          <span title={hasKey ? 'with a key, kept encrypted' : 'without a key'}>
            <MonoCell>{endpoint}</MonoCell>
          </span>
        ),
    },
    {
      key: 'price',
      header: 'Per million tokens',
      numeric: true,
      cell: ({ pricePerMillion, local }) =>
        local ? (
          <TextCell muted>nothing</TextCell>
        ) : pricePerMillion === null ? (
          <MissingCell why="nobody said what it costs" />
        ) : (
          <>{money(pricePerMillion)}</>
        ),
    },
    {
      key: 'pace',
      header: 'Batch',
      hint: 'Items per request, and requests per minute of each worker where they are limited',
      numeric: true,
      wideOnly: true,
      cell: ({ batchSize, requestsPerMinute }) =>
        `${count(batchSize)}${requestsPerMinute === null ? '' : ` · ${count(requestsPerMinute)}/min`}`,
    },
    {
      key: 'tenants',
      header: 'Tenants',
      hint: 'With vectors of this model: searched, being made, or kept as the way back',
      numeric: true,
      cell: ({ tenants }) => <CountCell value={tenants} />,
    },
    ...(onRemove
      ? [
          {
            key: 'action',
            header: '',
            numeric: true,
            cell: (row: ListedModel) =>
              !row.local && (
                <Button
                  variant="ghost"
                  className="-my-1"
                  aria-label={`Remove ${row.name}`}
                  onClick={() => onRemove(row)}
                >
                  Remove
                </Button>
              ),
          },
        ]
      : []),
  ]
}
