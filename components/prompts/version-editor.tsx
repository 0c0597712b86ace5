'use client'

import { useState, type FormEvent } from 'react'
import { fieldOf } from '@/components/shell/query-client'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import type { WholeVersion } from '@/server/services/prompts/compare-versions'
import { draftFrom, parseConfig, type Draft } from './draft'
import { DraftFields } from './draft-fields'
import { SettingsDiff } from './settings-diff'
import { usePromptChanges } from './use-prompt-changes'
import { VersionDiff } from './version-diff'

/** Writes the next version, beginning with an existing one; what changes can be seen before it is saved. */
export function VersionEditor({
  name,
  base,
  next,
  open,
  onOpenChange,
  onDone,
}: {
  name: string
  base: WholeVersion | null
  next: number
  open: boolean
  onOpenChange: (open: boolean) => void
  onDone: (version: number) => void
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={`Write v${next}`}
        description={base ? `Begins with v${base.version}. Saving activates nothing.` : 'Saving activates nothing.'}
        className="top-[6vh] max-h-[88vh] max-w-4xl"
      >
        <EditorForm name={name} base={base} onCancel={() => onOpenChange(false)} onDone={onDone} />
      </DialogContent>
    </Dialog>
  )
}

function EditorForm({
  name,
  base,
  onCancel,
  onDone,
}: {
  name: string
  base: WholeVersion | null
  onCancel: () => void
  onDone: (version: number) => void
}) {
  const [draft, setDraft] = useState<Draft>(() => draftFrom(base))
  const { createVersion } = usePromptChanges()
  const { config, error } = parseConfig(draft.config)
  const model = draft.model.trim() || null
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!config || createVersion.isPending) return
    const { content, force } = draft
    const message = draft.message.trim() || undefined
    createVersion.mutate(
      { name, content, model, config, message, force },
      { onSuccess: ({ version }) => onDone(version) },
    )
  }
  return (
    <form onSubmit={save} className="flex min-h-0 flex-col">
      <Tabs defaultValue="write" className="flex min-h-0 flex-col">
        <TabsList aria-label="Editor">
          <TabsTrigger value="write">Write</TabsTrigger>
          <TabsTrigger value="changes">Changes</TabsTrigger>
        </TabsList>
        <TabsContent value="write" className="min-h-0 overflow-y-auto px-3.5 py-3">
          <DraftFields
            draft={draft}
            onChange={setDraft}
            configError={error}
            refused={
              createVersion.error ? { field: fieldOf(createVersion.error), message: createVersion.error.message } : null
            }
          />
        </TabsContent>
        <TabsContent value="changes" className="min-h-0 overflow-y-auto">
          <VersionDiff before={base?.content ?? ''} after={draft.content} label="Changes of the draft" />
          <SettingsDiff before={base} after={{ model, config: config ?? {} }} />
        </TabsContent>
      </Tabs>
      <CardFooter>
        <Button size="md" onClick={onCancel}>
          Cancel
        </Button>
        <Button
          type="submit"
          size="md"
          variant="primary"
          disabled={draft.content === '' || error !== null}
          pending={createVersion.isPending}
        >
          Save
        </Button>
      </CardFooter>
    </form>
  )
}
