'use client'

import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { count } from '@/components/format/count'
import { useDebounced } from '@/components/prompts/use-debounced'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { type TenantCounts, tenantRef, type UsagePolicy } from '@/server/services/tenants/tenants.schema'
import { policies, prepareFamilies, totalOf } from './erasure-families'

const TYPING_MS = 250

/** Shows what both memories hold of a tenant, asks what becomes of its usage, and begins once its name was typed. */
export function EraseDialog({ tenant, onClose }: { tenant: string | null; onClose: () => void }) {
  const trpc = useTRPC()
  const router = useRouter()
  const queryClient = useQueryClient()
  const [typed, setTyped] = useState(tenant ?? '')
  const [usage, setUsage] = useState<UsagePolicy>('erase')
  const slug = useDebounced(typed.trim(), TYPING_MS)
  const named = tenantRef.safeParse({ slug }).success
  const counted = useQuery(
    trpc.tenants.count.queryOptions(named ? { slug } : skipToken, { retry: false, staleTime: 0, gcTime: 0 }),
  )
  const erase = useMutation(
    trpc.tenants.erase.mutationOptions({
      onSuccess: ({ id }) => {
        void queryClient.invalidateQueries(trpc.tenants.erasures.pathFilter())
        router.push(`/vectors/erasures?receipt=${id}`)
        onClose()
      },
    }),
  )
  const found = named && counted.data?.tenant === slug && typed.trim() === slug ? counted.data : null
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={found ? `Erase ${slug}` : 'Erase a tenant'}
      description="It leaves both memories: caches, sessions, limits, boards, keys and every row. This cannot be undone. Keys of it alone are revoked, and a signed receipt is kept."
      confirmLabel={found ? `Erase ${slug}` : 'Erase'}
      typed={found ? slug : undefined}
      danger
      ready={found !== null}
      pending={erase.isPending}
      error={erase.error?.message}
      onConfirm={() => erase.mutate({ slug, usage })}
    >
      <Field
        label="Tenant"
        error={named && counted.isError ? counted.error.message : null}
        hint={tenant ? undefined : 'Its slug, as applications name it.'}
      >
        <Input
          value={typed}
          autoFocus={!tenant}
          onChange={({ target }) => setTyped(target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      {named && counted.isFetching && !found && <p role="status">Counting what both memories hold of it …</p>}
      {found && <DryRun found={found} usage={usage} />}
      {found && (
        <Field label="What becomes of its usage" hint={policies.find(({ value }) => value === usage)?.hint}>
          <Select
            value={usage}
            onValueChange={(value) => setUsage(policies.find((one) => one.value === value)?.value ?? usage)}
            options={policies.map(({ value, label }) => ({ value, label }))}
          />
        </Field>
      )}
    </ConfirmDialog>
  )
}

/** Counts by family of both memories; families without anything are named in one line. */
function DryRun({ found, usage }: { found: TenantCounts; usage: UsagePolicy }) {
  const families = prepareFamilies(found)
  const there = families.filter(({ redis, postgres }) => redis || postgres)
  const nothing = families.filter(({ redis, postgres }) => !redis && !postgres).map(({ name }) => name.toLowerCase())
  return (
    <div className="grid gap-1.5">
      <table className="w-full">
        <caption className="pb-1 text-left text-sm font-medium">
          Dry run: {count(totalOf(found))} keys and rows would be reached
        </caption>
        <thead className="text-left text-sm text-muted">
          <tr>
            <th className="py-0.5 font-normal">Family</th>
            <th className="py-0.5 text-right font-normal">Keys in Redis</th>
            <th className="py-0.5 text-right font-normal">Rows in Postgres</th>
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {there.map(({ name, redis, postgres, parts }) => (
            <tr key={name} title={parts}>
              <th scope="row" className="border-t border-line py-0.5 text-left font-normal">
                {name}
                {name === 'Usage and cost' && usage !== 'erase' && (
                  <span className="text-muted"> · {usage === 'keep' ? 'kept' : 'anonymised'}</span>
                )}
              </th>
              <td className="border-t border-line py-0.5 text-right">{redis === null ? '' : count(redis)}</td>
              <td className="border-t border-line py-0.5 text-right">{postgres === null ? '' : count(postgres)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {nothing.length > 0 && <p className="text-sm text-muted">Nothing of {nothing.join(', ')}.</p>}
    </div>
  )
}
