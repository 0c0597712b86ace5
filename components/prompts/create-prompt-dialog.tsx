'use client'

import { useRouter } from 'next/navigation'
import { useState, type FormEvent } from 'react'
import { fieldOf } from '@/components/shell/query-client'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { promptHref } from './prompt-href'
import { usePromptChanges } from './use-prompt-changes'

export function CreatePromptDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="New prompt" description="A name that applications ask for. Its versions come next.">
        <CreateForm onCancel={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  )
}

function CreateForm({ onCancel }: { onCancel: () => void }) {
  const router = useRouter()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const { create } = usePromptChanges()
  const field = fieldOf(create.error)
  const message = create.error?.message ?? null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (create.isPending) return
    create.mutate(
      { name, description: description.trim() || undefined },
      { onSuccess: (created) => router.push(promptHref(created.name)) },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col">
      <div className="grid gap-3 px-3.5 pt-1 pb-3">
        <Field label="Name" hint="May hold slashes, as support/reply." error={field === 'name' ? message : null}>
          <Input value={name} onChange={(event) => setName(event.target.value)} spellCheck={false} autoFocus />
        </Field>
        <Field label="Description (optional)" error={field === 'description' ? message : null}>
          <Input value={description} onChange={(event) => setDescription(event.target.value)} />
        </Field>
        <p role="alert" className="text-bad empty:hidden">
          {field === 'name' || field === 'description' ? null : message}
        </p>
      </div>
      <CardFooter>
        <Button size="md" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="md" variant="primary" disabled={name === ''} pending={create.isPending}>
          Create
        </Button>
      </CardFooter>
    </form>
  )
}
