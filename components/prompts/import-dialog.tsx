'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState, type ChangeEvent } from 'react'
import { useTRPCClient } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { PromptDocument } from '@/server/services/prompts/history.schema'
import { foreseen, nameProblem, readDocument } from './prepare-import'
import { promptHref } from './prompt-href'
import { useDebounced } from './use-debounced'
import { usePromptChanges } from './use-prompt-changes'

const TYPING_MS = 400
type Chosen = { document: PromptDocument; id: number }

/** Takes an exported prompt, and says what would happen before it does. Shown while it is mounted. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [name, setName] = useState('')
  const { importPrompt } = usePromptChanges()
  const read = useMutation({
    mutationFn: async (file: File) => {
      const { document, error } = readDocument({ text: await file.text(), bytes: file.size })
      if (error !== null) throw new Error(error)
      return document
    },
    onSuccess: (document) => {
      setChosen({ document, id: Date.now() })
      setName(document.name)
    },
    onError: () => setChosen(null),
  })
  const preview = usePreview(chosen, name)
  const lines = preview.data ? foreseen(preview.data) : null
  const problem = chosen && nameProblem(name)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title="Import a prompt"
      description="A file that Engram exported: all versions, and what was live when."
      confirmLabel="Import"
      ready={lines !== null && lines.length > 0 && problem === null}
      pending={importPrompt.isPending}
      error={importPrompt.error?.message ?? null}
      onConfirm={() =>
        chosen &&
        importPrompt.mutate(
          { document: chosen.document, name },
          { onSuccess: (report) => router.push(promptHref(report.name)) },
        )
      }
    >
      <Field label="File" error={read.error?.message}>
        <Input
          type="file"
          accept=".json,application/json"
          className="h-auto py-1"
          onChange={(event: ChangeEvent<HTMLInputElement>) => {
            const file = event.target.files?.[0]
            if (file) read.mutate(file)
          }}
        />
      </Field>
      {chosen && (
        <Field label="Name" hint="Another name makes a copy." error={problem ?? preview.error?.message}>
          <Input value={name} onChange={(event) => setName(event.target.value)} spellCheck={false} />
        </Field>
      )}
      {lines && (
        <ul aria-label="What would happen" className="grid gap-1 text-muted">
          {lines.length === 0 && <li>Everything in this file is there already: nothing would change.</li>}
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </ConfirmDialog>
  )
}

function usePreview(chosen: Chosen | null, name: string) {
  const client = useTRPCClient()
  const settled = useDebounced(name, TYPING_MS)
  return useQuery({
    // The document itself would be a key of megabytes.
    queryKey: ['prompt import', chosen?.id, settled],
    queryFn: () => {
      if (!chosen) throw new Error('no file was chosen')
      return client.prompts.import.mutate({ document: chosen.document, name: settled, dryRun: true })
    },
    enabled: chosen !== null && nameProblem(settled) === null && settled === name,
    retry: false,
    gcTime: 0,
  })
}
