'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { EmptyState } from '@/components/feedback/empty-state'
import { BoardNote } from '@/components/overview/board-note'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { Page } from '@/components/shell/page'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { FlagsPanel } from './flags-panel'
import { incidentNote } from './incident-note'
import { InstantBar } from './instant-bar'
import { LimitsPanel } from './limits-panel'
import { LivePanels } from './live-panels'
import { useLive } from './live-params'
import { summary } from './prepare-live'
import { PricesPanel } from './prices-panel'

/** J9: what was live at an instant, for a tenant and a subject. */
export function WhatWasLiveView() {
  const { params, question, wrong, timezone, setParams } = useLive()
  const query = useQuery(
    useTRPC().prompts.whatWasLive.queryOptions(question, {
      placeholderData: keepPreviousData,
      enabled: wrong === null,
    }),
  )
  const answer = wrong === null ? query.data : undefined
  const { tenant, subject } = params
  const state = panelState(query, 'what was live')
  const told = answer && summary(answer, { now: params.at === null, timezone, prompt: params.prompt })
  const refused = wrong ?? (query.isError && fieldOf(query.error) ? query.error.message : null)
  return (
    <Page
      scoped={false}
      title="What was live"
      actions={answer && <CopyButton text={incidentNote(answer, { timezone, tenant, subject })} label="Copy as text" />}
    >
      <InstantBar answer={answer} />
      {params.prompt !== null && (
        <div>
          <Button
            className="max-w-full rounded-full"
            aria-label={`Show all prompts, not only ${params.prompt}`}
            onClick={() => void setParams({ prompt: null })}
          >
            <span className="text-muted">Prompt</span>
            <span className="truncate font-mono">{params.prompt}</span>
            <X aria-hidden className="text-faint" />
          </Button>
        </div>
      )}
      {refused ? (
        <Card>
          <EmptyState
            title="This cannot be shown"
            hint={refused}
            action={<Button onClick={() => void setParams({ at: null, prompt: null })}>Show what is live now</Button>}
          />
        </Card>
      ) : (
        <BoardNote state={state} />
      )}
      {told && (
        <p role="status" className="font-medium">
          {told.said} {told.soon && <span className="font-normal text-warn-ink">{told.soon}</span>}
        </p>
      )}
      {answer ? (
        <>
          <LivePanels answer={answer} />
          <PricesPanel
            prices={answer.prices}
            at={answer.at}
            {...{ timezone, tenant }}
            state={answer.prices.models.length === 0 ? noModels : { status: 'ready' }}
          />
          <FlagsPanel at={answer.at} {...{ timezone, tenant }} />
          <LimitsPanel at={answer.at} {...{ timezone, tenant }} />
        </>
      ) : refused || query.isError ? null : (
        <Panel title="Prompts" memory="postgres" state={state} minHeight={320} />
      )}
    </Page>
  )
}

const noModels = {
  status: 'empty',
  title: 'No call was reported around this instant',
  hint: 'The prices of the models in use stand here once there are calls.',
} as const
