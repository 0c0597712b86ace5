'use client'

import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Panel } from '@/components/feedback/panel'
import { useTRPC } from '@/components/shell/trpc'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'

const MOST_CHARACTERS = 64 * 1024

/** Takes a receipt as somebody kept it and says whether it is what was signed here. */
export function CheckReceiptPanel() {
  const [text, setText] = useState('')
  const { data, error } = useQuery(
    useTRPC().tenants.checkReceipt.queryOptions(text.trim() ? { text } : skipToken, {
      retry: false,
      trpc: { context: { byPost: true } },
    }),
  )
  return (
    <Panel title="Check a receipt" note="that was downloaded or copied" state={{ status: 'ready' }}>
      <div className="grid gap-2 px-3.5 pb-3">
        <Field label="Receipt as JSON">
          <Textarea
            rows={3}
            maxLength={MOST_CHARACTERS}
            className="font-mono text-sm"
            spellCheck={false}
            value={text}
            onChange={({ target }) => setText(target.value)}
            placeholder='{"id":"…","tenant":"…","signature":{…}}'
          />
        </Field>
        <p role="status" className="text-sm empty:hidden">
          {text.trim() && error && <span className="text-bad">{error.message}</span>}
          {text.trim() && data?.valid === true && (
            <span className="text-ok-ink">
              Genuine: signed here with the key {data.keyId}, and nothing was changed.
            </span>
          )}
          {text.trim() && data?.valid === false && <span className="text-bad">{data.why}</span>}
        </p>
      </div>
    </Panel>
  )
}
