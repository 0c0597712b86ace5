'use client'

import { count } from '@/components/format/count'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { includesOf, variablesOf, withIncludes, withValues } from '@/server/services/prompts/variables.schema'
import { useIncluded } from './template-parts'
import { useKept } from './use-kept'
import { VariableText } from './variable-text'

const MOST_VALUES = 40
const MOST_CHARACTERS = 100_000

/** The content as a model would get it, with test values, which this browser keeps per prompt. */
export function PreviewTab({ content, name, channel }: { content: string; name: string; channel: string }) {
  const values = useKept<Record<string, string>>(`engram:values:${name}`, () => ({}))
  const { data: included } = useIncluded(includesOf(content), channel)
  const texts = new Map(
    (included ?? []).flatMap((prompt) => (prompt.content === null ? [] : [[prompt.name, prompt.content]])),
  )
  const whole = withIncludes(content, texts, [name])
  const variables = variablesOf(whole)
  const filled = Object.fromEntries(Object.entries(values.value).filter(([, value]) => value !== ''))
  const rendered = withValues(whole, filled)
  return (
    <div className="grid gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <div className="grid content-start gap-3">
        {variables.length === 0 && <p className="text-muted">No variables to fill.</p>}
        {variables.slice(0, MOST_VALUES).map((variable) => (
          <Field key={variable} label={<code>{variable}</code>}>
            <Textarea
              rows={1}
              className="min-h-7.5"
              value={values.value[variable] ?? ''}
              onChange={(event) => values.set({ ...values.value, [variable]: event.target.value })}
              spellCheck={false}
            />
          </Field>
        ))}
        {variables.length > MOST_VALUES && (
          <p className="text-sm text-faint">
            {MOST_VALUES} of {count(variables.length)} variables
          </p>
        )}
        <p className="text-sm text-muted">
          {values.kept ? 'Values stay in this browser.' : 'These values are too large for this browser to keep.'}
        </p>
      </div>
      <div
        role="region"
        aria-label="Preview"
        tabIndex={0}
        className="min-h-72 rounded-md border border-line bg-sunken px-3 py-2 font-mono text-sm leading-5 wrap-anywhere whitespace-pre-wrap"
      >
        <VariableText text={rendered.slice(0, MOST_CHARACTERS)} />
        {rendered.length > MOST_CHARACTERS && (
          <p className="text-faint">
            {count(MOST_CHARACTERS)} of {count(rendered.length)} characters
          </p>
        )}
      </div>
    </div>
  )
}
