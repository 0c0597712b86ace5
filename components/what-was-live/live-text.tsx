'use client'

import { useState } from 'react'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { VariableText } from '@/components/prompts/variable-text'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { CopyButton } from '@/components/ui/copy-button'
import type { LiveVersion } from '@/server/services/prompts/what-was-live.schema'
import { foldedText } from './prepare-live'

type Text = Pick<LiveVersion, 'version' | 'model' | 'config' | 'content' | 'bytes'>

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** One version as it was served: its settings and its text, the beginning of a long one until the rest is asked for. */
export function LiveText({ name, text, share, got }: { name: string; text: Text; share?: string; got?: string }) {
  const { version, model, config, content, bytes } = text
  const settings = [model, ...Object.entries(config).map(([key, value]) => `${key} ${shown(value)}`)].filter(Boolean)
  return (
    <div className="grid gap-1">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted">
        {share && (
          <Chip tone={got ? 'ok' : 'neutral'}>
            v{version} · {share}
          </Chip>
        )}
        {got && <span>{got} got this one</span>}
        <span className="min-w-0 wrap-anywhere">{settings.join(' · ') || 'no model, no config'}</span>
        {content !== null && (
          <span className="ml-auto">
            <CopyButton text={content} label={`Copy ${name} v${version}`} iconOnly />
          </span>
        )}
      </div>
      {content === null ? (
        <p className="text-sm text-muted">
          Left out: the texts together exceed 1 MB, this one is {bytesText(bytes)}. Look at this prompt alone to see it.
        </p>
      ) : (
        <Folded content={content} label={`${name} v${version}`} />
      )}
    </div>
  )
}

function Folded({ content, label }: { content: string; label: string }) {
  const [open, setOpen] = useState(false)
  const folded = foldedText(content)
  const lines = content.split('\n').length
  return (
    <div className="grid justify-items-start rounded-md border border-line bg-sunken">
      <pre
        aria-label={`Text of ${label}`}
        role="region"
        tabIndex={0}
        className="max-h-[60vh] w-full overflow-auto px-2.5 py-1.5 font-mono text-sm leading-5 whitespace-pre-wrap wrap-anywhere"
      >
        <VariableText text={open || folded === null ? content : `${folded} …`} />
      </pre>
      {folded !== null && (
        <Button variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open
            ? 'Show less'
            : `Show all ${lines > 3 ? `${count(lines)} lines` : `${count(content.length)} characters`}`}
        </Button>
      )}
    </div>
  )
}
