'use client'

import { useCallback, useRef, useState } from 'react'

/** The width of an element in whole pixels, kept up to date; `guess` until it was measured. */
export function useWidth(guess: number): [(node: HTMLElement | null) => void, number] {
  const [width, setWidth] = useState(guess)
  const observer = useRef<ResizeObserver | null>(null)
  const measure = useCallback((node: HTMLElement | null) => {
    observer.current?.disconnect()
    if (!node) return
    observer.current = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.floor(entry.contentRect.width))
    })
    observer.current.observe(node)
  }, [])
  return [measure, width]
}
