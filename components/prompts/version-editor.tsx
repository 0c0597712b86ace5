'use client'

import type { FormEvent, KeyboardEvent } from 'react'
import { Age } from '@/components/feedback/age'
import { fieldOf } from '@/components/shell/query-client'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import type { WholeVersion } from '@/server/services/prompts/compare-versions'
import { contentProblem, draftFrom, type KeptDraft, parseConfig, sameDraft } from './draft'
import { DraftFields } from './draft-fields'
import { PreviewTab } from './preview-tab'
import { SettingsDiff } from './settings-diff'
import { useKept } from './use-kept'
import { usePromptChanges } from './use-prompt-changes'
import { VersionDiff } from './version-diff'

type Props = {
  name: string
  /** Whose live prompts an include stands for. */
  channel: string
  base: WholeVersion | null
  next: number
  onClose: () => void
  onDone: (version: number) => void
}

/** Writes the next version, beginning with an existing one. Closed by accident or not, the draft is kept until it is saved. */
export function VersionEditor({ next, base, onClose, ...form }: Props) {
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent
        title={`Write v${next}`}
        description={base ? `Begins with v${base.version}. Saving activates nothing.` : 'Saving activates nothing.'}
        className="top-[6vh] max-h-[88vh] max-w-4xl"
      >
        <EditorForm {...form} base={base} onClose={onClose} />
      </DialogContent>
    </Dialog>
  )
}

function EditorForm({ name, channel, base, onClose, onDone }: Omit<Props, 'next'>) {
  const from = base?.version ?? null
  const fresh = draftFrom(base)
  const keeper = useKept<KeptDraft>(`engram:draft:${name}`, () => ({
    draft: fresh,
    from,
    at: new Date().toISOString(),
  }))
  const { draft } = keeper.value
  const { createVersion } = usePromptChanges()
  const { config, error } = parseConfig(draft.config)
  const model = draft.model.trim() || null
  const ready = draft.content !== '' && contentProblem(draft.content) === null && config !== null
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!ready || createVersion.isPending) return
    const { content, force } = draft
    const message = draft.message.trim() || undefined
    const onSuccess = ({ version }: { version: number }) => {
      keeper.forget()
      onDone(version)
    }
    createVersion.mutate({ name, content, model, config, message, force }, { onSuccess })
  }
  return (
    <form onSubmit={save} onKeyDown={saveOnKey} className="flex min-h-0 flex-col">
      <Tabs defaultValue="write" className="flex min-h-0 flex-col">
        <TabsList aria-label="Editor" className="shrink-0">
          <TabsTrigger value="write">Write</TabsTrigger>
          <TabsTrigger value="preview">Preview</TabsTrigger>
          <TabsTrigger value="changes">Changes</TabsTrigger>
        </TabsList>
        {keeper.found && !sameDraft(keeper.found.draft, fresh) && (
          <DraftNote found={keeper.found} kept={keeper.kept} onDiscard={keeper.forget} />
        )}
        <TabsContent value="write" className="min-h-0 overflow-y-auto px-3.5 py-3">
          <DraftFields
            {...{ name, channel, draft }}
            onChange={(changed) => keeper.set({ draft: changed, from, at: new Date().toISOString() })}
            configError={error}
            refused={
              createVersion.error ? { field: fieldOf(createVersion.error), message: createVersion.error.message } : null
            }
          />
        </TabsContent>
        <TabsContent value="preview" className="min-h-0 overflow-y-auto px-3.5 py-3">
          <PreviewTab content={draft.content} name={name} channel={channel} />
        </TabsContent>
        <TabsContent value="changes" className="min-h-0 overflow-y-auto">
          <VersionDiff before={base?.content ?? ''} after={draft.content} label="Changes of the draft" />
          <SettingsDiff before={base} after={{ model, config: config ?? {} }} />
        </TabsContent>
      </Tabs>
      <CardFooter>
        <Button size="md" onClick={onClose}>
          Close
        </Button>
        <Button type="submit" size="md" variant="primary" disabled={!ready} pending={createVersion.isPending}>
          Save
        </Button>
      </CardFooter>
    </form>
  )
}

/** Cmd-S and Ctrl-S save, instead of the page. */
function saveOnKey(event: KeyboardEvent<HTMLFormElement>) {
  if (event.key.toLowerCase() !== 's' || !(event.metaKey || event.ctrlKey)) return
  event.preventDefault()
  event.currentTarget.requestSubmit()
}

function DraftNote({ found, kept, onDiscard }: { found: KeptDraft; kept: boolean; onDiscard: () => void }) {
  return (
    <p className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-warn-soft px-3.5 py-1.5 text-sm text-warn-ink">
      <span>
        Your draft, last touched <Age at={found.at} />
        {found.from !== null && `, begun with v${found.from}`}
        {!kept && '. It has become too large for this browser to keep'}.
      </span>
      <Button className="ml-auto" onClick={onDiscard}>
        Discard it
      </Button>
    </p>
  )
}
