import { useState } from 'react'
import { bytesText } from '@/components/format/bytes'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { Segmented } from '@/components/ui/segmented'
import { fromBase64Url, keyText, toBase64Url, utf8OrNull } from '@/server/services/redis-keys/key-text.schema'
import type { ShownPart } from '@/server/services/redis-keys/peek-key'
import { MAX_EDIT_BYTES } from '@/server/services/redis-keys/redis-keys.schema'
import type { Edited } from './edit-dialog'
import { hexDump, plainText, prettyJson } from './key-words'

type View = 'json' | 'text' | 'hex'
const labels: Record<View, string> = { json: 'JSON', text: 'Text', hex: 'Hex' }

/** A string: as JSON where it is some, as text, or byte by byte. */
export function StringView({
  parts,
  length,
  complete,
  onEdit,
}: {
  parts: ShownPart[]
  length: number
  complete: boolean
  onEdit: ((edited: Edited) => void) | null
}) {
  const [chosen, setChosen] = useState<View | null>(null)
  const bytes = joined(parts)
  const text = utf8OrNull(bytes)
  const json = complete && text !== null && /^\s*[[{]/.test(text) ? prettyJson(text) : null
  const views: View[] = json === null ? ['text', 'hex'] : ['json', 'text', 'hex']
  const view = chosen && views.includes(chosen) ? chosen : (views[0] ?? 'text')
  const shown = { json: json ?? '', text: plainText(bytes) ?? keyText(bytes), hex: hexDump(bytes) }[view]
  const looksLikeJson = text !== null && /^\s*[[{]/.test(text)
  const editable = complete && bytes.length <= MAX_EDIT_BYTES
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2 px-3.5 pb-3">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="Shown as"
          value={view}
          onValueChange={setChosen}
          options={views.map((value) => ({ value, label: labels[value] }))}
        />
        <CopyButton
          text={view === 'hex' ? shown : (text ?? keyText(bytes))}
          label={complete ? 'Copy' : 'Copy this part'}
        />
        {onEdit && editable && (
          <Button onClick={() => onEdit({ type: 'string', at: '', value: toBase64Url(bytes) })}>Edit</Button>
        )}
        <span className="text-sm text-muted">
          {noteOf({ bytes, text, length, complete, editable, looksLikeJson, isJson: json !== null })}
        </span>
      </div>
      <pre
        tabIndex={0}
        aria-label="Value"
        className="max-h-[55vh] overflow-auto rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-sm whitespace-pre-wrap wrap-anywhere"
      >
        {shown || 'an empty string'}
      </pre>
    </div>
  )
}

function noteOf(of: {
  bytes: Uint8Array
  text: string | null
  length: number
  complete: boolean
  editable: boolean
  looksLikeJson: boolean
  isJson: boolean
}) {
  if (!of.complete)
    return `the first ${bytesText(of.bytes.length)} of ${bytesText(of.length)}; only a whole value can be edited`
  if (String.fromCharCode(...of.bytes.subarray(0, 4)) === 'HYLL') return 'a HyperLogLog: PFCOUNT reads it'
  if (of.text === null) return 'not text: shown escaped'
  if (of.looksLikeJson && !of.isJson) return 'begins like JSON, but is none: shown as it is'
  return of.editable ? '' : 'too large to be edited here'
}

function joined(parts: ShownPart[]): Uint8Array {
  const all = parts.map(({ value }) => fromBase64Url(value ?? ''))
  const whole = new Uint8Array(all.reduce((sum, one) => sum + one.length, 0))
  let at = 0
  for (const one of all) {
    whole.set(one, at)
    at += one.length
  }
  return whole
}
