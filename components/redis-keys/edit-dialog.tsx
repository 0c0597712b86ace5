import { useState } from 'react'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import { bytesOfText, fromBase64Url, keyText, toBase64Url } from '@/server/services/redis-keys/key-text.schema'
import { type EditKey, MAX_EDIT_BYTES } from '@/server/services/redis-keys/redis-keys.schema'
import { plainText } from './key-words'
import type { KeyChanges } from './use-key-changes'

type Type = EditKey['type']
/** `at` is null for a part that shall be added, `value` for one that has none beside its name. All base64url. */
export type Edited = { type: Type; at: string | null; value: string | null }

const names: Record<Type, { at: string; value: string }> = {
  string: { at: '', value: 'Value' },
  hash: { at: 'Field', value: 'Value' },
  list: { at: 'Index', value: 'Element' },
  set: { at: 'Member', value: 'Member' },
  zset: { at: 'Member', value: 'Score' },
}

const encoder = new TextEncoder()

/** Changes one part, or adds one; what a text box would change by itself is edited escaped. */
export function EditDialog({ edited, changes, onClose }: { edited: Edited; changes: KeyChanges; onClose: () => void }) {
  const { type, at, value } = edited
  const bytes = value === null ? new Uint8Array() : fromBase64Url(value)
  const plain = plainText(bytes)
  const [name, setName] = useState('')
  const [text, setText] = useState(plain ?? keyText(bytes))
  const words = names[type]
  const after = toBase64Url(plain === null ? bytesOfText(text) : encoder.encode(text))
  const isNamed = type === 'hash' || type === 'zset'
  const tooLarge = after.length > (MAX_EDIT_BYTES * 4) / 3
  const adding = at === null
  const save = () => {
    const added = isNamed ? toBase64Url(bytesOfText(name)) : after
    const input = { type, at: at ?? added, before: adding ? null : type === 'set' ? at : (value ?? ''), after }
    changes.edit.run(input, onClose)
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={adding ? `Add a ${words.at.toLowerCase()}` : `Change the ${words.value.toLowerCase()}`}
      description={
        adding
          ? 'It is added if there is none of this name.'
          : 'It is written only if nobody changed it since you read it.'
      }
      confirmLabel={adding ? 'Add' : 'Save'}
      ready={!tooLarge && (adding || after !== value)}
      pending={changes.edit.isPending}
      error={changes.edit.error?.message}
      onConfirm={save}
    >
      {adding && isNamed && (
        <Field label={words.at} hint="\n, \x00 and the like mean these bytes.">
          <Input value={name} onChange={({ target }) => setName(target.value)} autoComplete="off" spellCheck={false} />
        </Field>
      )}
      {!adding && at !== '' && type !== 'set' && (
        <p className="font-mono text-sm wrap-anywhere text-muted">
          {words.at} {keyText(fromBase64Url(at), 300)}
        </p>
      )}
      <Field
        label={words.value}
        hint={
          plain === null ? 'These bytes are not plain text: they are edited escaped, as \\x00, \\r and \\n.' : undefined
        }
        error={tooLarge ? 'At most 64 kB can be edited here.' : null}
      >
        <Textarea
          value={text}
          onChange={({ target }) => setText(target.value)}
          rows={type === 'zset' ? 1 : 10}
          className="font-mono text-sm"
          spellCheck={false}
        />
      </Field>
    </ConfirmDialog>
  )
}
