import type { UsageEvent } from './usage-event.js'

export type Hooks = {
  /** The gateway cannot answer, so the last good copy is served. Told once per prompt, until it is fresh again. */
  stale: {
    name: string
    channel: string
    revision: number
    /** Until when the copy was known to be what is active. */
    since: Date
    reason: Error
  }
  /** The gateway refused an event for good; it will not be sent again. `field` names what is wrong with it. */
  rejected: { event: UsageEvent; code: string; message: string; field: string | null }
  /** An event was given up unsent: the queue was full, or the SDK was closed. `total` counts them all. */
  refused: { event: UsageEvent; reason: 'full' | 'closed'; total: number }
  /** Activations are pushed from here on. */
  connected: Record<string, never>
  /** Prompts are fetched at every read, until the next `connected`. */
  disconnected: { reason: Error }
}

export type Listener<K extends keyof Hooks> = (event: Hooks[K]) => void
type Listeners = { [K in keyof Hooks]: Set<Listener<K>> }

/** What must not go unheard becomes a warning of the process where nobody listens. */
const warnings: { [K in keyof Hooks]: ((event: Hooks[K]) => string) | null } = {
  stale: ({ name, channel, since, reason }) =>
    `The prompt ${name} (${channel}) is served from its last good copy, current until ${since.toISOString()}: ${reason.message}`,
  rejected: ({ event, message }) => `The gateway rejected a usage event (${event.id}): ${message}`,
  refused: ({ reason, total }) =>
    `A usage event was not sent: ${reason === 'full' ? 'the queue is full' : 'the SDK was closed'} (${total} so far)`,
  connected: null,
  disconnected: null,
}
const WARN_EVERY_MS = 10_000

export function hooks() {
  const listeners: Listeners = {
    stale: new Set(),
    rejected: new Set(),
    refused: new Set(),
    connected: new Set(),
    disconnected: new Set(),
  }
  const warnedAt = new Map<keyof Hooks, number>()

  const warn = (kind: keyof Hooks, text: string) => {
    if (performance.now() - (warnedAt.get(kind) ?? -Infinity) < WARN_EVERY_MS) return
    warnedAt.set(kind, performance.now())
    process.emitWarning(text, { type: 'EngramWarning' })
  }

  return {
    /** Returns what ends the listening. */
    on<K extends keyof Hooks>(kind: K, listener: Listener<K>): () => void {
      listeners[kind].add(listener)
      return () => void listeners[kind].delete(listener)
    },
    tell<K extends keyof Hooks>(kind: K, event: Hooks[K]): void {
      const heard = listeners[kind]
      if (heard.size === 0) {
        const text = warnings[kind]?.(event)
        if (text) warn(kind, text)
      }
      for (const listener of heard) {
        try {
          listener(event)
        } catch (error) {
          // A listener's mistake must neither cost a prompt nor an event.
          process.emitWarning(`A listener for "${kind}" threw: ${String(error)}`, { type: 'EngramWarning' })
        }
      }
    },
  }
}

export type Tell = ReturnType<typeof hooks>['tell']
