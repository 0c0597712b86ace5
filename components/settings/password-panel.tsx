'use client'

import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { toast } from '@/components/feedback/toaster'
import { useOperator } from '@/components/shell/operator'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { minPasswordLength } from '@/server/services/operators/operators.schema'

/** The caller's own password: set after the first sign-in by link, changed later. */
export function PasswordPanel() {
  const trpc = useTRPC()
  const { email } = useOperator()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useMutation(
    trpc.settings.operators.setPassword.mutationOptions({
      onSuccess: () => {
        setCurrent('')
        setPassword('')
        toast.done('Your password is set')
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ current: current || null, password })
  }
  const field = fieldOf(change.error)
  const errorAt = (at: string) => (field === at ? change.error?.message : undefined)
  return (
    <Card id="password" aria-label="Your password">
      <CardHeader title="Your password" note="signs you in without a link" />
      <CardBody>
        <form className="flex flex-wrap items-start gap-3" onSubmit={submit}>
          <input type="email" autoComplete="username" value={email} readOnly hidden />
          <div className="grid w-full gap-3 sm:w-auto sm:flex-1 sm:grid-cols-2">
            <Field label="Present password" hint="Leave empty if you have none yet." error={errorAt('current')}>
              <Input
                type="password"
                autoComplete="current-password"
                maxLength={128}
                value={current}
                onChange={(event) => setCurrent(event.target.value)}
              />
            </Field>
            <Field label="New password" hint={`${minPasswordLength} characters or more.`} error={errorAt('password')}>
              <Input
                type="password"
                autoComplete="new-password"
                minLength={minPasswordLength}
                maxLength={128}
                required
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            </Field>
          </div>
          <Button type="submit" size="md" className="sm:mt-5" pending={change.isPending}>
            Set password
          </Button>
          <p role="alert" className="w-full text-bad empty:hidden">
            {change.error && !field && change.error.message}
          </p>
        </form>
      </CardBody>
    </Card>
  )
}
