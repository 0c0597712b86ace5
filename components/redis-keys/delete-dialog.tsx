import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { bytesText } from '@/components/format/bytes'
import type { PeekedKey } from '@/server/services/redis-keys/peek-key'
import { lengthText } from './key-words'
import type { KeyChanges } from './use-key-changes'

/** Deletes one key; one that cannot be brought back asks for its word. */
export function DeleteDialog({
  name,
  facts,
  changes,
  onClose,
}: {
  name: string
  facts: PeekedKey
  changes: KeyChanges
  onClose: () => void
}) {
  const { undoable, type, length, bytes, mark } = facts
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Delete this key?"
      description={
        undoable
          ? 'Undo is offered for a few seconds: the key waits aside for a minute, with the time it had left.'
          : 'It is too large to wait aside for an undo: this cannot be undone.'
      }
      confirmLabel="Delete key"
      typed={undoable ? undefined : 'delete'}
      danger
      pending={changes.remove.isPending}
      error={changes.remove.error?.message}
      onConfirm={() => changes.remove.run({ mark }, onClose)}
    >
      <p className="max-h-24 overflow-auto font-mono text-sm wrap-anywhere">{name}</p>
      <p className="text-sm text-muted">
        {length !== null && lengthText(type, length)}
        {bytes !== null && ` · ${bytesText(bytes)} of memory`}
      </p>
    </ConfirmDialog>
  )
}
