'use client'

import { useState } from 'react'

/**
 * State that the browser keeps under `key` until it is forgotten: what somebody typed survives a closed dialog and a closed
 * tab. `kept` says whether it could be kept: the browser's room is small.
 */
export function useKept<T>(key: string, initial: () => T) {
  const [state, setState] = useState(() => {
    const found = read<T>(key)
    return { value: found ?? initial(), found, kept: true }
  })
  return {
    value: state.value,
    kept: state.kept,
    /** What was there to begin with. */
    found: state.found,
    set: (value: T) => setState({ ...state, value, kept: write(key, value) }),
    forget: () => {
      localStorage.removeItem(key)
      setState({ value: initial(), found: null, kept: true })
    },
  }
}

function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null
  } catch {
    // Somebody else's text under our key is no draft.
    return null
  }
}

function write(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}
