import { CopyButton } from '@/components/ui/copy-button'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { fromBase64Url } from '@/server/services/redis-keys/key-text.schema'
import type { ShownPart } from '@/server/services/redis-keys/peek-key'
import { plainText, prettyJson, textOf, typeName } from './key-words'

/** One part whole. */
export function PartDialog({ type, part, onClose }: { type: string; part: ShownPart; onClose: () => void }) {
  const { at, value, score, fields } = part
  const shown = value === null ? null : valueText(value)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={`Of the ${typeName(type)}`} className="max-w-2xl">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3 overflow-y-auto px-3.5 pt-1 pb-3.5">
          <Block label="Name" text={valueText(at)} />
          {score !== null && <Block label="Score" text={score} />}
          {shown !== null && <Block label="Value" text={shown} />}
          {fields?.map(({ name, value }, n) => (
            <Block key={n} label={textOf(name, 100)} text={valueText(value)} />
          ))}
        </div>
      </DialogContent>
    </Dialog>
  )
}

function valueText(encoded: string): string {
  const text = plainText(fromBase64Url(encoded)) ?? textOf(encoded)
  return /^\s*[[{]/.test(text) ? (prettyJson(text) ?? text) : text
}

function Block({ label, text }: { label: string; text: string }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <div className="flex items-center justify-between text-sm text-muted">
        <span className="wrap-anywhere">{label}</span>
        <CopyButton text={text} label={`Copy ${label}`} iconOnly />
      </div>
      <pre
        tabIndex={0}
        className="max-h-72 overflow-auto rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-sm whitespace-pre-wrap wrap-anywhere"
      >
        {text || 'empty'}
      </pre>
    </div>
  )
}
