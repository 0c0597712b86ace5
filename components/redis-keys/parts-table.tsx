import { bytesText } from '@/components/format/bytes'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Button } from '@/components/ui/button'
import { toBase64Url } from '@/server/services/redis-keys/key-text.schema'
import type { ShownPart } from '@/server/services/redis-keys/peek-key'
import type { EditKey } from '@/server/services/redis-keys/redis-keys.schema'
import type { Edited } from './edit-dialog'
import { textOf, typeName } from './key-words'
import type { KeyChanges } from './use-key-changes'

const CHARACTERS = 160
const encoder = new TextEncoder()
const isEditable = (type: string): type is EditKey['type'] => ['hash', 'list', 'set', 'zset'].includes(type)

/** Fields, elements, members or entries; a row opens whole. Streams and vector sets are looked at only. */
export function PartsTable({
  type,
  parts,
  changes,
  onEdit,
  onOpen,
}: {
  type: string
  parts: ShownPart[]
  changes: KeyChanges | null
  onEdit: ((edited: Edited) => void) | null
  onOpen: (at: string) => void
}) {
  const editable = isEditable(type) ? type : null
  const action: DataColumn<ShownPart>[] =
    editable && onEdit && changes
      ? [
          {
            key: 'action',
            header: '',
            numeric: true,
            cell: (part) => <Actions type={editable} part={part} changes={changes} onEdit={onEdit} />,
          },
        ]
      : []
  return (
    <>
      {editable && editable !== 'list' && onEdit && (
        <div className="px-3.5 pb-2">
          <Button onClick={() => onEdit({ type: editable, at: null, value: null })}>Add…</Button>
        </div>
      )}
      <DataTable
        label={`Parts of the ${typeName(type)}`}
        memory="redis"
        columns={[...columns(type), ...action]}
        rows={parts}
        rowKey={({ at }) => at}
        onSelect={({ at }) => onOpen(at)}
        maxHeight={520}
        alreadySorted
      />
    </>
  )
}

const mono = (text: string) => (
  <span className="block max-w-96 min-w-24 truncate font-mono text-sm leading-5">{text}</span>
)
const valueOf = ({ value, bytes }: ShownPart) =>
  value === null ? (
    <span className="text-muted">{bytesText(bytes)}, too large to be fetched here</span>
  ) : (
    mono(textOf(value, CHARACTERS))
  )

function columns(type: string): DataColumn<ShownPart>[] {
  const at = (header: string): DataColumn<ShownPart> => ({
    key: 'at',
    header,
    cell: (part) => mono(textOf(part.at, CHARACTERS)),
  })
  const value = (header: string): DataColumn<ShownPart> => ({ key: 'value', header, cell: valueOf })
  switch (type) {
    case 'hash':
      return [at('Field'), value('Value')]
    case 'list':
      return [at('Index'), value('Element')]
    case 'zset':
      return [at('Member'), { key: 'score', header: 'Score', numeric: true, cell: ({ score }) => mono(score ?? '') }]
    case 'stream':
      return [at('Id'), { key: 'fields', header: 'Fields', cell: ({ fields }) => mono(fieldsText(fields, CHARACTERS)) }]
    case 'vectorset':
      return [
        at('Member'),
        {
          key: 'value',
          header: 'Attributes',
          cell: ({ value }) => mono(value === null ? 'none' : textOf(value, CHARACTERS)),
        },
      ]
    default:
      return [at('Member')]
  }
}

/** name: value · name: value */
export const fieldsText = (fields: ShownPart['fields'], most?: number) =>
  (fields ?? []).map(({ name, value }) => `${textOf(name, most)}: ${textOf(value, most)}`).join(' · ')

function Actions({
  type,
  part,
  changes,
  onEdit,
}: {
  type: EditKey['type']
  part: ShownPart
  changes: KeyChanges
  onEdit: (edited: Edited) => void
}) {
  const { at, score } = part
  const value = type === 'set' ? at : type === 'zset' ? toBase64Url(encoder.encode(score ?? '')) : part.value
  if (value === null) return null
  const name = textOf(at, 60)
  return (
    <span className="inline-flex gap-1">
      <Button
        variant="ghost"
        className="-my-1"
        aria-label={`Change ${name}`}
        onClick={() => onEdit({ type, at, value })}
      >
        Change
      </Button>
      {type !== 'list' && (
        <Button
          variant="ghost"
          className="-my-1"
          aria-label={`Remove ${name}`}
          pending={changes.edit.isPending}
          onClick={() => changes.edit.tell({ type, at, before: value, after: null })}
        >
          Remove
        </Button>
      )}
    </span>
  )
}
