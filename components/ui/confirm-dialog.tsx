'use client'

import { useState, type ReactNode } from 'react'
import { Button } from './button'
import { CardFooter } from './card'
import { Dialog, DialogContent } from './dialog'
import { Field } from './field'
import { Input } from './input'
import { Textarea } from './textarea'

export interface ConfirmDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  confirmLabel: string
  /** Ask why: `reason` reaches `onConfirm` and the history. */
  reason?: { label: string; required?: boolean; placeholder?: string }
  /** The word to type before anything that cannot be undone. */
  typed?: string
  danger?: boolean
  /** False while what stands in `children` is not complete. */
  ready?: boolean
  pending?: boolean
  /** What went wrong with the last attempt: the dialog stays open and says so. */
  error?: string | null
  onConfirm: (input: { reason: string }) => void
  /** What the action touches, shown before the choice. */
  children?: ReactNode
}

export function ConfirmDialog({ open, onOpenChange, title, description, ...form }: ConfirmDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={title} description={description}>
        <ConfirmForm {...form} onCancel={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  )
}

type ConfirmFormProps = Omit<ConfirmDialogProps, 'open' | 'onOpenChange' | 'title' | 'description'> & {
  onCancel: () => void
}

/** Its state lives as long as the dialog is open, so a second opening starts empty. */
function ConfirmForm(props: ConfirmFormProps) {
  const { confirmLabel, reason, typed, danger, pending, error, onConfirm, onCancel, children } = props
  const [why, setWhy] = useState('')
  const [word, setWord] = useState('')
  const ready = props.ready !== false && (!reason?.required || why.trim() !== '') && (!typed || word === typed)
  return (
    <form
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && !pending) onConfirm({ reason: why.trim() })
      }}
    >
      <div className="grid min-h-0 gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
        {children}
        {reason && (
          <Field label={reason.required ? reason.label : `${reason.label} (optional)`}>
            <Textarea value={why} onChange={(event) => setWhy(event.target.value)} placeholder={reason.placeholder} />
          </Field>
        )}
        {typed && (
          <Field label={`Type ${typed} to confirm`}>
            <Input
              value={word}
              onChange={(event) => setWord(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        )}
        <p role="alert" className="text-bad empty:hidden">
          {error}
        </p>
      </div>
      <CardFooter>
        <Button size="md" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="md" variant={danger ? 'danger' : 'primary'} disabled={!ready} pending={pending}>
          {confirmLabel}
        </Button>
      </CardFooter>
    </form>
  )
}
