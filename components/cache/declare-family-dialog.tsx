'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { DeclareFamily, decodings, familyKinds } from '@/server/services/cache/census/census.schema'

/** What the form begins with: a proposal, or nothing. */
export type Draft = Omit<DeclareFamily, 'name'> & { name: string }
export const emptyDraft: Draft = { name: '', pattern: '', kind: 'cache', decode: 'text', userAt: null, software: null }

const decodingLabels = { json: 'JSON', hash: 'A hash', text: 'Text', number: 'A number', opaque: 'Not to be read' }
const kindOptions = familyKinds.map((value) => ({ value, label: value }))
const decodeOptions = decodings.map((value) => ({ value, label: decodingLabels[value] }))

/** Gives the keys of other software a name, so that they are counted under it. */
export function DeclareFamilyDialog({ draft: first, onClose }: { draft: Draft; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState({ ...first, userAt: first.userAt ?? '' })
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const declare = useMutation(
    trpc.cache.declareFamily.mutationOptions({
      onSuccess: ({ name }) => {
        void queryClient.invalidateQueries(trpc.cache.pathFilter())
        toast.done(`${name} is declared; the next census counts it`)
        onClose()
      },
    }),
  )
  const shown = wrong ?? (declare.error && { field: fieldOf(declare.error) ?? '', message: declare.error.message })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const family = {
      ...draft,
      name: draft.name.trim(),
      pattern: draft.pattern.trim(),
      userAt: draft.userAt.trim() || null,
    }
    const read = DeclareFamily.safeParse(family)
    const [issue] = read.success ? [] : read.error.issues
    setWrong(issue ? { field: String(issue.path[0] ?? ''), message: issue.message } : null)
    if (read.success && !declare.isPending) declare.mutate(read.data)
  }
  const field = (label: string, key: 'name' | 'pattern' | 'userAt', hint?: string) => (
    <Field label={label} hint={hint} error={shown?.field === key ? shown.message : undefined}>
      <Input
        value={draft[key]}
        onChange={({ target }) => setDraft({ ...draft, [key]: target.value })}
        autoComplete="off"
      />
    </Field>
  )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={draft.software ? `Declare keys of ${draft.software}` : 'Declare a family'}
        description="Keys that other software writes are then counted under a name of their own. Nothing is changed in Redis."
      >
        <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
          <div className="grid gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
            {field('Name', 'name')}
            {field('Pattern', 'pattern', 'As SCAN MATCH takes it: sess:*')}
            <div className="grid items-start gap-3 sm:grid-cols-2">
              <Field label="Kind">
                <Select
                  value={draft.kind}
                  onValueChange={(value) => {
                    const kind = familyKinds.find((one) => one === value) ?? 'other'
                    // What most software writes; without it no session can be read.
                    const decode = kind === 'session' && draft.decode === 'opaque' ? 'json' : draft.decode
                    setDraft({ ...draft, kind, decode })
                  }}
                  options={kindOptions}
                />
              </Field>
              <Field label="Values are">
                <Select
                  value={draft.decode}
                  onValueChange={(to) =>
                    setDraft({ ...draft, decode: decodings.find((one) => one === to) ?? 'opaque' })
                  }
                  options={decodeOptions}
                />
              </Field>
            </div>
            {field(
              'Where the user is (optional)',
              'userAt',
              'A path in the JSON, passport.user, or a field of the hash',
            )}
            <p role="alert" className="text-bad empty:hidden">
              {shown && !['name', 'pattern', 'userAt'].includes(shown.field) && shown.message}
            </p>
          </div>
          <CardFooter>
            <Button size="md" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="md" variant="primary" pending={declare.isPending}>
              Declare family
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
