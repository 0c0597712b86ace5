'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { useNow } from '@/components/feedback/ticker'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import type { GuardedRollout } from '@/server/services/prompts/guarded-rollout.schema'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { deployedOn } from './deployed-on'
import { GuardLimits } from './guard-limits'
import { GuardSteps } from './guard-steps'
import { stateText, untilText } from './prepare-guard'
import { usePromptChanges } from './use-prompt-changes'

/** As often as the worker looks. */
const LOOK_MS = 5_000

/** The guard of the rollout on the channel: where it stands, what it measured, and why it ended. */
export function GuardCard({ page }: { page: PromptPage }) {
  const { name, channel } = page
  const trpc = useTRPC()
  const query = useQuery(trpc.prompts.rollout.queryOptions({ name, channel }, { refetchInterval: LOOK_MS }))
  const status = query.data
  useFreshPage(page, status?.revision ?? null)
  const guard = status?.guard
  // What somebody else did since is another story than the guard's.
  if (!guard || (status.revision ?? 0) - guard.revision > 1) return null
  return (
    <Panel
      title={`Guard of v${guard.version}`}
      state={panelState(query, 'the guarded rollout')}
      note={<Standing guard={guard} />}
      source={
        guard.verdict
          ? {
              stores: ['postgres'],
              from: `llm_usage of v${guard.version} against v${guard.baseVersion}`,
              window: 'since the step began',
              asOf: guard.verdict.to,
              precision: 'exact',
              detail: `Intervals hold the true change ${guard.verdict.confidence * 100} times of 100. A step is judged at its time, and before it only when 99.9 % sure.`,
            }
          : undefined
      }
    >
      <GuardSteps guard={guard} />
      <p className="px-3.5 pb-2 text-sm wrap-anywhere text-muted">
        {guard.endedReason ?? guard.verdict?.says ?? 'The first look is a few seconds away.'}
      </p>
      {guard.verdict && <GuardLimits limits={guard.verdict.limits} />}
      {guard.state === 'running' && <Stop page={page} />}
    </Panel>
  )
}

/** The worker moves the pointer by itself: the page is asked again when it did. */
function useFreshPage(page: PromptPage, revision: number | null) {
  const queryClient = useQueryClient()
  const pages = useTRPC().prompts.pathKey()
  const known = deployedOn(page)?.revision ?? null
  const stale = revision !== null && known !== null && revision > known
  useEffect(() => {
    if (stale) void queryClient.invalidateQueries({ queryKey: pages })
    // Once for each revision; the keys of a query are made anew by every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stale, revision])
}

function Standing({ guard }: { guard: GuardedRollout }) {
  const now = useNow()
  const until = now === null ? null : untilText(guard, now)
  return <>{until ?? stateText[guard.state]}</>
}

function Stop({ page: { name, channel } }: { page: PromptPage }) {
  const { stopGuard } = usePromptChanges()
  if (useOperator().role === 'viewer') return null
  return (
    <CardFooter>
      {stopGuard.error && <p className="mr-auto text-sm text-bad">{stopGuard.error.message}</p>}
      <Button pending={stopGuard.isPending} onClick={() => stopGuard.mutate({ name, channel })}>
        Stop watching
      </Button>
    </CardFooter>
  )
}
