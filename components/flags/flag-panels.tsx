'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/feedback/panel'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { ShownRules } from '@/server/services/flags/list-flags'
import { FlagChanges } from './flag-changes'
import { FlagDialog } from './flag-dialog'
import { Preview } from './flag-preview'
import { rulesText } from './flag-words'

type Asking =
  | { what: 'edit'; tenant: string | null; rules: ShownRules; own: boolean }
  | { what: 'switch' }
  | { what: 'delete' }
  | { what: 'same'; tenant: string }

/** The rules of a flag for all and for single tenants, and who changed what. */
export function FlagPanels({ name, onDeleted }: { name: string; onDeleted: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const mayChange = useMayChange()
  const [asking, setAsking] = useState<Asking | null>(null)
  const query = useQuery(trpc.flags.flag.queryOptions({ name }, { refetchInterval: 10_000 }))
  const state = useUsageState(query, 'this flag')
  const { data } = query
  const done = (text: string) => () => {
    void queryClient.invalidateQueries(trpc.flags.pathFilter())
    setAsking(null)
    toast.done(text)
  }
  const change = useMutation(trpc.flags.change.mutationOptions({ onSuccess: done(`${name} is changed`) }))
  const remove = useMutation(
    trpc.flags.delete.mutationOptions({
      onSuccess: () => {
        onDeleted()
        done(`${name} is deleted`)()
      },
    }),
  )
  const close = (open: boolean) => !open && setAsking(null)
  const next = data && { ...data.rules, enabled: !data.rules.enabled }
  return (
    <>
      <Panel
        title={name}
        memory="postgres"
        source={data && { stores: ['postgres'], from: 'flags, flag_overrides', asOf: data.asOf, precision: 'exact' }}
        state={state}
        minHeight={120}
        actions={
          data &&
          mayChange && (
            <span className="flex flex-wrap gap-1.5">
              <Button onClick={() => setAsking({ what: 'switch' })}>
                {data.rules.enabled ? 'Switch off' : 'Switch on'}
              </Button>
              <Button onClick={() => setAsking({ what: 'edit', tenant: null, rules: data.rules, own: true })}>
                Edit
              </Button>
              <Button onClick={() => setAsking({ what: 'edit', tenant: '', rules: data.rules, own: false })}>
                Set for a tenant
              </Button>
              <Button variant="ghost" onClick={() => setAsking({ what: 'delete' })}>
                Delete
              </Button>
            </span>
          )
        }
      >
        {data && (
          <ul className="pb-1.5">
            <Rules of="All tenants" rules={data.rules} />
            {data.overrides.map(({ tenant, rules }) => (
              <Rules key={tenant} of={tenant} rules={rules}>
                {mayChange && (
                  <>
                    <Button
                      aria-label={`Edit for ${tenant}`}
                      onClick={() => setAsking({ what: 'edit', tenant, rules, own: true })}
                    >
                      Edit
                    </Button>
                    <Button
                      aria-label={`Same for ${tenant} as for all`}
                      onClick={() => setAsking({ what: 'same', tenant })}
                    >
                      As for all
                    </Button>
                  </>
                )}
              </Rules>
            ))}
          </ul>
        )}
      </Panel>
      {data && <FlagChanges changes={data.changes} asOf={data.asOf} />}
      {data && asking?.what === 'edit' && (
        <FlagDialog
          flag={{ name, revision: data.revision, tenant: asking.tenant, rules: asking.rules, own: asking.own }}
          onClose={() => setAsking(null)}
          onDone={() => {}}
        />
      )}
      {data && next && asking?.what === 'switch' && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={`Switch ${name} ${next.enabled ? 'on' : 'off'}`}
          description={
            next.enabled
              ? `It will be on for: ${rulesText(next)}.`
              : 'It will be off for everybody, named or not, except for tenants with rules of their own.'
          }
          confirmLabel={next.enabled ? 'Switch on' : 'Switch off'}
          reason={{ label: 'Reason' }}
          pending={change.isPending}
          error={change.error?.message}
          onConfirm={({ reason }) =>
            change.mutate({ name, tenant: null, rules: next, expectedRevision: data.revision, reason: reason || null })
          }
        >
          <Preview name={name} tenant={null} rules={next} />
        </ConfirmDialog>
      )}
      {data && asking?.what === 'same' && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={`${name}: ${asking.tenant} as all`}
          description={`What holds for all will hold for ${asking.tenant}: ${rulesText(data.rules)}.`}
          confirmLabel="Take its rules back"
          reason={{ label: 'Reason' }}
          pending={change.isPending}
          error={change.error?.message}
          onConfirm={({ reason }) =>
            change.mutate({
              name,
              tenant: asking.tenant,
              rules: null,
              expectedRevision: data.revision,
              reason: reason || null,
            })
          }
        >
          <Preview name={name} tenant={asking.tenant} rules={null} />
        </ConfirmDialog>
      )}
      {asking?.what === 'delete' && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={`Delete ${name}`}
          description="Applications that ask for it are answered that there is no such flag. Its history stays."
          confirmLabel="Delete flag"
          typed={name}
          danger
          reason={{ label: 'Reason' }}
          pending={remove.isPending}
          error={remove.error?.message}
          onConfirm={({ reason }) => remove.mutate({ name, reason: reason || null })}
        />
      )}
    </>
  )
}

function Rules({ of, rules, children }: { of: string; rules: ShownRules; children?: ReactNode }) {
  const named = [
    rules.users.length > 0 && `users ${rules.users.join(', ')}`,
    rules.groups.length > 0 && `groups ${rules.groups.join(', ')}`,
  ].filter(Boolean)
  return (
    <li className="flex flex-wrap items-center gap-x-2.5 gap-y-1 border-t border-line px-3.5 py-2 first:border-t-0">
      <span className="font-medium">{of}</span>
      <Chip tone={rules.enabled ? 'ok' : 'neutral'}>{rulesText(rules)}</Chip>
      <span className="min-w-32 flex-1 text-sm wrap-anywhere text-muted">{named.join(' · ')}</span>
      {children && <span className="flex gap-1.5">{children}</span>}
    </li>
  )
}
