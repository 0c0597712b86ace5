'use client'

import { useId, type ReactNode } from 'react'
import { Card, CardHeader } from '@/components/ui/card'
import type { Memory } from '@/components/ui/memory'
import { DegradedNote, ErrorNote, LoadingLines } from './panel-notes'
import { EmptyState } from './empty-state'
import type { PanelState } from './panel-state'
import { Sourced, type Source } from './source-note'

export interface PanelProps {
  title: string
  memory?: Memory
  /** Text of the memory badge; the memory's name without it. */
  badge?: ReactNode
  /** Draw the memory's colour along the top edge: for the few panels that stand for a whole memory. */
  edge?: boolean
  source?: Source
  note?: ReactNode
  actions?: ReactNode
  state: PanelState
  /** Height in pixels that the body keeps in every state, so that nothing jumps when the answer comes. */
  minHeight?: number
  /** Stands in while loading; lines without it. */
  skeleton?: ReactNode
  className?: string
  children?: ReactNode
}

/** The one owner of loading, empty, error, degraded and content: never a blank box. */
export function Panel({ title, memory, badge, edge, source, note, actions, state, className, ...body }: PanelProps) {
  const id = useId()
  const told = source ? (
    <Sourced source={source} className="text-left">
      {note || 'source'}
    </Sourced>
  ) : (
    note
  )
  return (
    <Card
      memory={edge ? memory : undefined}
      aria-labelledby={id}
      aria-busy={state.status === 'loading' || undefined}
      className={className}
    >
      <CardHeader id={id} title={title} memory={memory} badge={badge} note={told} actions={actions} />
      <PanelBody state={state} title={title} {...body} />
    </Card>
  )
}

export function PanelBody({
  state,
  title,
  minHeight,
  skeleton,
  children,
}: Pick<PanelProps, 'state' | 'title' | 'minHeight' | 'skeleton' | 'children'>) {
  const instead = (content: ReactNode) => (
    <div className="grid" style={{ minHeight }}>
      {content}
    </div>
  )
  switch (state.status) {
    case 'loading':
      return instead(
        <>
          <span role="status" className="sr-only">
            Loading {title}
          </span>
          {skeleton ?? <LoadingLines height={minHeight} />}
        </>,
      )
    case 'empty':
      return instead(<EmptyState {...state} />)
    case 'error':
      return instead(<ErrorNote {...state} />)
    case 'degraded':
      return (
        <>
          <DegradedNote {...state} />
          {state.shownFrom && <div style={{ minHeight }}>{children}</div>}
        </>
      )
    case 'ready':
      return <div style={{ minHeight }}>{children}</div>
  }
}
