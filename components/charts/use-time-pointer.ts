'use client'

import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Span } from './chart'

/** A drag shorter than this is a click. */
const dragPx = 6
const keySteps = 60

interface Options {
  span: Span
  instant: number | null
  setInstant: (t: number | null) => void
  onZoom?: (from: number, to: number) => void
  /** A press without a drag, with the instant and how many milliseconds one pixel is. */
  onPress: (t: number, msPerPx: number) => void
}

/**
 * Pointer and keys over a clock: moving reads, dragging selects a range to zoom into. By keyboard: arrows move, with
 * Shift they select, Enter zooms, Escape gives up. A finger only reads, so that the page still scrolls.
 */
export function useTimePointer({ span, instant, setInstant, onZoom, onPress }: Options) {
  const [start, setStart] = useState<number | null>(null)
  const [reading, setReading] = useState(false)
  const length = span.to - span.from
  const clamp = (t: number) => Math.min(span.to, Math.max(span.from, t))
  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return { t: clamp(span.from + ((event.clientX - box.left) / box.width) * length), msPerPx: length / box.width }
  }
  const stop = () => {
    setStart(null)
    setReading(false)
    setInstant(null)
  }
  const zoom = (from: number, to: number) => {
    stop()
    onZoom?.(Math.round(Math.min(from, to)), Math.round(Math.max(from, to)))
  }

  const handlers = {
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      setReading(true)
      setInstant(at(event).t)
    },
    onPointerLeave: () => {
      if (start === null) stop()
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return
      const { t } = at(event)
      setReading(true)
      setInstant(t)
      if (event.pointerType === 'touch' || !onZoom) return
      event.currentTarget.setPointerCapture(event.pointerId)
      setStart(t)
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const { t, msPerPx } = at(event)
      if (start !== null && Math.abs(t - start) > dragPx * msPerPx) return zoom(start, t)
      setStart(null)
      onPress(t, msPerPx)
    },
    onPointerCancel: stop,
    onBlur: stop,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const from = instant ?? span.to
      const moves: Record<string, number> = {
        ArrowLeft: from - length / keySteps,
        ArrowRight: from + length / keySteps,
        Home: span.from,
        End: span.to,
      }
      const target = moves[event.key]
      if (target !== undefined) {
        setReading(true)
        setInstant(clamp(target))
        setStart(event.shiftKey && onZoom ? (start ?? from) : null)
      } else if (event.key === 'Enter' && start !== null && instant !== null && start !== instant) zoom(start, instant)
      else if (event.key === 'Enter' && instant !== null) onPress(instant, length / 600)
      else if (event.key === 'Escape' && instant !== null) stop()
      else return
      event.preventDefault()
    },
  }
  return { handlers, reading, selection: start !== null && instant !== null ? { from: start, to: instant } : null }
}
