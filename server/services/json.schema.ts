import { z } from 'zod'
import { isStorable } from './text.schema'

const MAX_DEPTH = 64

/**
 * Any JSON value that both stores can hold and give back: nested at most 64 deep, at most `maxBytes` as JSON in UTF-8,
 * its strings and names free of NUL and lone surrogates.
 */
export const jsonValue = (maxBytes: number) =>
  z
    .unknown()
    .superRefine((value, context) => {
      const message = value === undefined ? 'is required' : (flaw(value) ?? oversize(value, maxBytes))
      if (message) context.addIssue({ code: 'custom', message })
    })
    .meta({ description: `Any JSON value, at most ${maxBytes / 1024} KiB, nested at most ${MAX_DEPTH} deep.` })

/** Walks level by level: what is nested 100,000 deep must not end the process' stack. */
function flaw(root: unknown): string | null {
  let level: unknown[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return `must not be nested deeper than ${MAX_DEPTH}`
    const next: unknown[] = []
    for (const value of level) {
      if (typeof value === 'string' ? !isStorable(value) : !namesAreStorable(value))
        return 'must not contain NUL or lone surrogates'
      if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) next.push(item)
    }
    level = next
  }
  return null
}

const namesAreStorable = (value: unknown) =>
  typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).every(isStorable)

function oversize(value: unknown, maxBytes: number): string | null {
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length
  return bytes > maxBytes ? `must be at most ${maxBytes} bytes as JSON; it has ${bytes}` : null
}
