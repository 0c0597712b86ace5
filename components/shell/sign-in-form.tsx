'use client'

import { useState, type FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

/** What to say of a refusal; the form never tells which of address and password was wrong. */
async function refusalOf(reply: Response | null): Promise<string> {
  if (!reply) return 'The console does not answer. Check your connection, then try again.'
  if (reply.status === 429) return 'Too many tries. Wait a minute, then try again.'
  if (reply.status === 401) return 'This address and password do not match.'
  if (reply.status >= 500) return 'Signing in does not work right now: Postgres does not answer.'
  const body: unknown = await reply.json().catch(() => null)
  const told = body && typeof body === 'object' && 'message' in body ? body.message : null
  return typeof told === 'string' ? told : 'The console refused to sign you in.'
}

export function SignInForm({ next, linkRefused }: { next: string; linkRefused: boolean }) {
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<string | null>(
    linkRefused ? 'This link was used already, or its time is over. Ask for a new one.' : null,
  )
  const signIn = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setPending(true)
    const form = new FormData(event.currentTarget)
    const reply = await fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: form.get('email'), password: form.get('password') }),
    }).catch(() => null)
    if (reply?.ok) return window.location.assign(next)
    setError(await refusalOf(reply))
    setPending(false)
  }
  return (
    <>
      <Card>
        <CardBody className="py-3.5">
          <form className="grid gap-3" onSubmit={(event) => void signIn(event)}>
            <Field label="Email address">
              <Input name="email" type="email" autoComplete="username" required autoFocus />
            </Field>
            <Field label="Password">
              <Input name="password" type="password" autoComplete="current-password" required maxLength={128} />
            </Field>
            <p role="alert" className="text-bad empty:hidden">
              {error}
            </p>
            <Button type="submit" variant="primary" size="md" pending={pending}>
              Sign in
            </Button>
          </form>
        </CardBody>
      </Card>
      <details className="text-sm text-muted">
        <summary className="cursor-pointer text-center">No password yet, or lost?</summary>
        <div className="mt-2 grid gap-2">
          <p>
            Ask an admin for a one-time sign-in link; it can be used once, within 15 minutes. On the machine that runs
            Engram, this makes one, for the first admin too:
          </p>
          <CodeBlock code="npm run operator -- you@example.com" label="Copy the command" />
        </div>
      </details>
    </>
  )
}
