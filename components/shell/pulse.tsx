'use client'

import { useQueryClient, type Query } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { createContext, use, useEffect, useRef, useState, type ReactNode } from 'react'
import type { Pulse } from '@/server/services/live/read-pulse'
import { useScope } from './search-params'
import { useTRPC } from './trpc'
import { useVisible } from './use-visible'

type State = { pulse: Pulse | null; state: 'live' | 'waiting' | 'paused' }

const Context = createContext<State>({ pulse: null, state: 'waiting' })

/** The newest heartbeat of both stores, and whether more will come. */
export const usePulse = () => use(Context)

const REFRESH_MS = 5_000
const stillTopics = new Set(['shell', 'settings', 'live'])

/**
 * Whether the answer of this query moves on with time: not for the shell, not for a stretch that has ended, and not where
 * the query says so, because somebody reads a list that must not move.
 */
function movesOn({ queryKey, meta }: Query): boolean {
  if (meta?.still) return false
  const [path, more] = queryKey as [string[]?, { input?: { from?: string | null } }?]
  return path?.[0] !== undefined && !stillTopics.has(path[0]) && !more?.input?.from
}

/** One subscription per visible tab; it also says when what the page shows is worth asking again. */
export function PulseProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const visible = useVisible()
  const { scope } = useScope()
  const live = scope.range !== null
  const [pulse, setPulse] = useState<Pulse | null>(null)
  const seen = useRef({ refreshedAt: 0, activation: null as number | null, up: true })

  useEffect(() => {
    if (!pulse) return
    const { refreshedAt, activation } = seen.current
    const moved = activation !== null && activation !== pulse.newestActivationId
    seen.current.activation = pulse.newestActivationId
    const up = pulse.redis.up && pulse.postgres.up
    const recovered = up && !seen.current.up
    seen.current.up = up
    if (recovered) void queryClient.invalidateQueries()
    const now = Date.parse(pulse.at)
    if (!moved && (!live || now - refreshedAt < REFRESH_MS)) return
    seen.current.refreshedAt = now
    void queryClient.invalidateQueries({ predicate: movesOn, refetchType: 'active' }, { cancelRefetch: false })
  }, [pulse, live, queryClient])

  const subscription = useSubscription(
    trpc.live.pulse.subscriptionOptions(undefined, { enabled: visible, onData: setPulse }),
  )
  const state = !visible ? 'paused' : subscription.status === 'pending' && pulse ? 'live' : 'waiting'
  return <Context value={{ pulse, state }}>{children}</Context>
}
