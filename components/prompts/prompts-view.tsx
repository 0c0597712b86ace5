'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useOperator } from '@/components/shell/operator'
import { Page } from '@/components/shell/page'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { WhatWasLiveLink } from '@/components/what-was-live/what-was-live-link'
import { CreatePromptDialog } from './create-prompt-dialog'
import { ImportDialog } from './import-dialog'
import { listParams } from './prompt-params'
import { PromptsTable } from './prompts-table'

const TYPING_MS = 250

/** All prompts: what they serve, who made it so, what they cost in the range. */
export function PromptsView() {
  const { scope } = useScope()
  const [{ q, sort }, setParams] = useQueryStates(listParams, { history: 'replace', throttleMs: TYPING_MS })
  const [creating, setCreating] = useState(false)
  const [importing, setImporting] = useState(false)
  const mayChange = useOperator().role !== 'viewer'
  const query = useQuery(
    useTRPC().prompts.list.queryOptions({ search: q, scope }, { placeholderData: keepPreviousData }),
  )
  const list = query.data
  const actions = (
    <>
      <WhatWasLiveLink />
      {mayChange && (
        <>
          <Button size="md" onClick={() => setImporting(true)}>
            Import
          </Button>
          <Button size="md" variant="primary" onClick={() => setCreating(true)}>
            New prompt
          </Button>
        </>
      )}
    </>
  )
  return (
    <Page title="Prompts" actions={actions}>
      <Panel
        title="Prompts"
        memory="postgres"
        state={panelState(query, 'the prompts', {
          empty: list?.total === 0 &&
            q === '' && {
              title: 'No prompts yet',
              hint: 'Create the first one here, or from your pipeline with an operator key.',
              command: teach,
              action: mayChange && <Button onClick={() => setCreating(true)}>New prompt</Button>,
            },
        })}
        source={
          list && {
            stores: ['postgres'],
            from: 'prompts, prompt_deployments; usage_hourly + unfolded rows + calls at the edges',
            asOf: list.asOf,
            precision: 'exact',
          }
        }
        minHeight={320}
        actions={
          <Input
            type="search"
            aria-label="Search names and contents"
            placeholder="Search names and contents"
            defaultValue={q}
            onChange={(event) => void setParams({ q: event.target.value || null })}
            className="w-56"
          />
        }
      >
        {list && <PromptsTable list={list} search={q} sort={sort} onSort={(sort) => void setParams({ sort })} />}
      </Panel>
      <CreatePromptDialog open={creating} onOpenChange={setCreating} />
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  )
}

const teach = [
  'curl -X POST "$ENGRAM_URL/v1/prompts" \\',
  '  -H "Authorization: Bearer $ENGRAM_OPERATOR_KEY" \\',
  '  -H "Content-Type: application/json" \\',
  `  -d '{"name": "support/reply"}'`,
].join('\n')
