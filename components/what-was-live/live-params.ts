import { useQueryStates } from 'nuqs'
import { createLoader, createSerializer, parseAsString } from 'nuqs/server'
import { scopeOf, scopeParams } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'
import type { z } from 'zod'
import { WhatWasLive } from '@/server/services/prompts/what-was-live.schema'

/** What the page keeps in its address, beside tenant and time zone. `at` is an ISO instant; without it, now. */
export const liveParams = {
  ...scopeParams,
  at: parseAsString,
  channel: parseAsString.withDefault('production'),
  subject: parseAsString,
  prompt: parseAsString,
}

export const loadLiveParams = createLoader(liveParams)
const serialize = createSerializer(liveParams)

export type LiveParams = Awaited<ReturnType<typeof loadLiveParams>>

/** The page at an instant, for a tenant, a channel or a prompt; what is not named keeps its default. */
export const whatWasLiveHref = (params: Partial<LiveParams>) => serialize('/what-was-live', params)

type Question = z.input<typeof WhatWasLive>

/** The question that an address asks, or what is wrong with it: nobody has to be asked then. */
export function questionOf(params: LiveParams): { question: Question; wrong: string | null } {
  const { at, channel, subject, prompt, tenant } = params
  const question = {
    at: at ?? undefined,
    channel,
    tenant: tenant || undefined,
    subject: subject || undefined,
    prompt: prompt ?? undefined,
  }
  const issue = WhatWasLive.safeParse(question).error?.issues[0]
  return { question, wrong: issue ? `${issue.path.join('.')}: ${issue.message}` : null }
}

export function useLive() {
  const [params, setParams] = useQueryStates(liveParams, { history: 'push', shallow: true })
  const { timezone } = scopeOf(params, useTimezone())
  return { params, setParams, ...questionOf(params), timezone }
}
