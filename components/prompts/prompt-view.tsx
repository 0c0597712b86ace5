'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@/components/ui/link'
import { useState } from 'react'
import { EmptyState } from '@/components/feedback/empty-state'
import { ErrorNote } from '@/components/feedback/panel-notes'
import { Page } from '@/components/shell/page'
import { fieldOf } from '@/components/shell/query-client'
import { useScope, withScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { Card } from '@/components/ui/card'
import { Skeleton } from '@/components/ui/skeleton'
import { WhatWasLiveLink } from '@/components/what-was-live/what-was-live-link'
import { ChannelChips } from './channel-chips'
import { PromptActions } from './prompt-actions'
import { columns, PromptColumns } from './prompt-columns'
import { shownVersions, usePromptParams } from './prompt-params'

export type OpenDialog = 'activate' | 'rollout' | 'shares' | 'rollback' | 'write' | null

/** A prompt: its versions, the text that is looked at, what its activation changed, and the verbs. */
export function PromptView({ name }: { name: string }) {
  const [params, setParams] = usePromptParams()
  const [dialog, setDialog] = useState<OpenDialog>(null)
  const { params: scope } = useScope()
  const query = useQuery(
    useTRPC().prompts.page.queryOptions({ name, channel: params.channel }, { placeholderData: keepPreviousData }),
  )
  const page = query.data
  const shown = page ? shownVersions(page, params) : null
  const looked = page?.activations.find(({ revision }) => revision === params.activation)
  return (
    <Page
      scoped={false}
      title={
        <>
          <Link href={withScope('/prompts', scope)} className="text-muted hover:text-text">
            Prompts
          </Link>
          <span className="text-faint"> / </span>
          <span className="font-mono text-base">{name}</span>
        </>
      }
      aside={
        page && <ChannelChips page={page} onChannel={(channel) => void setParams({ channel, activation: null })} />
      }
      actions={
        page && (
          <>
            <WhatWasLiveLink at={looked?.at} channel={page.channel} prompt={name} />
            <PromptActions page={page} shown={shown} dialog={dialog} onDialog={setDialog} onParams={setParams} />
          </>
        )
      }
    >
      {page ? (
        <PromptColumns page={page} shown={shown} params={params} onParams={setParams} onDialog={setDialog} />
      ) : query.isError ? (
        <Card>
          {fieldOf(query.error) === 'name' ? (
            <EmptyState
              title={query.error.message}
              hint="Its name may be written differently: names are case-sensitive."
            />
          ) : (
            <ErrorNote status="error" what={name} why={query.error.message} retry={() => void query.refetch()} />
          )}
        </Card>
      ) : (
        <LoadingColumns />
      )}
    </Page>
  )
}

/** The columns to come, at about their size. */
function LoadingColumns() {
  return (
    <div role="status" aria-label="Loading the prompt" className={columns}>
      <Skeleton className="h-72" />
      <div className="grid gap-4">
        <Skeleton className="h-64" />
        <Skeleton className="h-56" />
      </div>
      <Skeleton className="h-40 lg:max-xl:col-start-2" />
    </div>
  )
}
