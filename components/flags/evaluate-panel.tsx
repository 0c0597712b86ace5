'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryStates } from 'nuqs'
import type { FormEvent } from 'react'
import { Panel } from '@/components/feedback/panel'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

const params = { subject: parseAsString, groups: parseAsString, as: parseAsString }

/** What the gateway answers a subject right now, and why. */
export function EvaluatePanel({ name }: { name: string }) {
  const [{ subject, groups, as }, setParams] = useQueryStates(params, { history: 'replace' })
  const asked = subject !== null || groups !== null || as !== null
  const query = useQuery(
    useTRPC().flags.evaluate.queryOptions(
      { name, subject: subject ?? undefined, groups: groups ?? undefined, tenant: as ?? undefined },
      { enabled: asked, placeholderData: keepPreviousData, refetchInterval: 5_000, retry: false },
    ),
  )
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const typed = (key: string) => String(form.get(key) ?? '').trim() || null
    void setParams({ subject: typed('subject'), groups: typed('groups'), as: typed('as') })
  }
  return (
    <Panel
      title="Evaluate for a subject"
      memory="redis"
      badge="Redis + Postgres"
      source={{
        stores: ['redis', 'postgres'],
        from: `the definition as GET /v1/flags reads it`,
        asOf: query.data ? new Date(query.dataUpdatedAt).toISOString() : undefined,
        precision: 'exact',
        detail: 'SHA-256 of salt and subject gives one of 10,000 buckets; the first of them are the share.',
      }}
      state={{ status: 'ready' }}
      minHeight={120}
    >
      <div className="grid gap-3 px-3.5 pb-3">
        <form onSubmit={ask} className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_1fr_auto]">
          <Field label="Subject">
            <Input name="subject" defaultValue={subject ?? ''} autoComplete="off" />
          </Field>
          <Field label="Groups">
            <Input name="groups" defaultValue={groups ?? ''} autoComplete="off" />
          </Field>
          <Field label="Tenant">
            <Input name="as" defaultValue={as ?? ''} autoComplete="off" />
          </Field>
          <Button type="submit" className="mb-1">
            Evaluate
          </Button>
        </form>
        <p role="status">
          {!asked ? (
            <span className="text-muted">
              Name a subject, its groups or its tenant, and see what the gateway answers.
            </span>
          ) : query.isError ? (
            <span className="text-bad">{query.error.message}</span>
          ) : query.data ? (
            <>
              <Chip tone={query.data.enabled ? 'ok' : 'neutral'}>{query.data.enabled ? 'enabled' : 'not enabled'}</Chip>{' '}
              {query.data.reason}
            </>
          ) : (
            'Asking …'
          )}
        </p>
      </div>
    </Panel>
  )
}
