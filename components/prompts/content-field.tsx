'use client'

import { useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { unclosedIn } from '@/server/services/prompts/variables.schema'
import { contentProblem, type Draft } from './draft'
import { LiveTokens } from './live-tokens'

/** The text of a version. What is wrong with it is said while it is written, and shown where it is. */
export function ContentField({
  draft,
  onChange,
  refused,
}: {
  draft: Draft
  onChange: (change: Partial<Draft>) => void
  /** What the server minded. */
  refused: string | null
}) {
  const area = useRef<HTMLTextAreaElement>(null)
  const { content, model } = draft
  const problem = contentProblem(content)
  const unclosed = problem && unclosedIn(content)
  const show = () => {
    if (!unclosed) return
    area.current?.focus()
    area.current?.setSelectionRange(unclosed.at, unclosed.at + unclosed.text.length)
  }
  return (
    <div className="grid content-start gap-1">
      <Field label="Content" error={problem ?? refused}>
        <Textarea
          ref={area}
          value={content}
          onChange={(event) => onChange({ content: event.target.value })}
          className="min-h-72 font-mono text-sm leading-5"
          spellCheck={false}
          autoFocus
        />
      </Field>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        {unclosed && <Button onClick={show}>Show it</Button>}
        {refused && !problem && (
          <label className="flex items-center gap-2">
            <Checkbox checked={draft.force} onCheckedChange={(checked) => onChange({ force: checked === true })} />
            Add it all the same
          </label>
        )}
        <span className="ml-auto">
          {problem && !unclosed ? null : <LiveTokens content={content} model={model.trim() || null} />}
        </span>
      </div>
    </div>
  )
}
