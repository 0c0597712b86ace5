'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { usePathname, useSearchParams } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { questionPaths } from '@/server/services/usage/questions/questions.schema'

type Asked = { path: (typeof questionPaths)[number]; search: string }

/** Keeps the view that is on screen under a name. */
export function SaveQuestionButton() {
  const address = usePathname()
  const path = questionPaths.find((one) => one === address)
  const params = useSearchParams()
  const { role } = useOperator()
  const [asked, setAsked] = useState<Asked | null>(null)
  if (!path || role === 'viewer') return null
  const search = new URLSearchParams(params)
  // What is open on top of the view is not part of the question.
  for (const one of ['call', 'conversation']) search.delete(one)
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        title="Save as a question"
        aria-label="Save as a question"
        onClick={() => setAsked({ path, search: search.size > 0 ? `?${search.toString()}` : '' })}
      >
        <Bookmark aria-hidden />
      </Button>
      {asked && <SaveDialog asked={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

function SaveDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const save = useMutation(
    trpc.usage.saveQuestion.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.usage.questions.queryFilter())
        toast.done(`${name.trim()} is among the questions`)
        onClose()
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate({ name: name.trim(), ...asked })
  }
  const fixed = asked.search.includes('from=')
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="Save as a question"
        description={
          fixed
            ? 'For everybody here. Its range has fixed ends: it will always show this stretch of time.'
            : 'For everybody here. Its range moves on: asked next week, it shows next week.'
        }
      >
        <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
          <div className="grid gap-3 px-3.5 pt-1 pb-3">
            <Field label="Name" error={save.error?.message}>
              <Input
                value={name}
                onChange={({ target }) => setName(target.value)}
                placeholder="What northwind’s agents cost"
              />
            </Field>
          </div>
          <CardFooter>
            <Button size="md" type="button" onClick={onClose}>
              Cancel
            </Button>
            <Button size="md" type="submit" variant="primary" pending={save.isPending} disabled={name.trim() === ''}>
              Save
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
