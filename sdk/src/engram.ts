import { randomUUID } from 'node:crypto'
import { confirmations } from './confirm.js'
import { promptFetcher } from './fetch-prompts.js'
import { type Hooks, hooks, type Listener } from './hooks.js'
import { keepCurrent } from './keep-current.js'
import { knownPrompts } from './known-prompts.js'
import { type EngramOptions, readOptions } from './options.js'
import { promptReader, type ReadOptions } from './read-prompts.js'
import { fill, type RenderOptions, type Variables, withIncludes } from './render.js'
import type { Prompt } from './served.js'
import { listenToStream } from './stream.js'
import type { UsageEvent } from './usage-event.js'
import { type UsageCounts, usageQueue } from './usage-queue.js'
import { vouching } from './vouching.js'

export { EngramError, type EngramErrorCode } from './errors.js'
export { render } from './render.js'
export type { EngramOptions, Hooks, Listener, Prompt, ReadOptions, RenderOptions, UsageCounts, UsageEvent, Variables }

export type Rendered = { text: string; prompt: Prompt }

export type Engram = {
  /**
   * The active version, from this process's own copy while the gateway vouches for it, else from the gateway. When that
   * cannot answer: the last good copy, with `stale: true`. @throws EngramError
   */
  prompt(name: string, options?: ReadOptions): Promise<Prompt>
  /** The prompt with what it includes and its variables filled in. @throws EngramError, `template` for what is missing */
  render(name: string, options?: ReadOptions & RenderOptions & { variables?: Variables }): Promise<Rendered>
  /** Queues one call of a model, and answers the id under which it is counted, once. Does not wait. */
  usage(event: UsageEvent): string
  usageCounts(): UsageCounts
  /** Sends what is queued; answers how many events are still not acknowledged, 0 unless `timeoutMs` (5,000) went by. */
  flush(options?: { timeoutMs?: number }): Promise<number>
  /** Calls `listener` from now on; returns what ends that. */
  on<K extends keyof Hooks>(hook: K, listener: Listener<K>): () => void
  /** Flushes, then ends. What could not be sent in time is told to `refused`; answers how much that was. */
  close(options?: { timeoutMs?: number }): Promise<number>
}

const FLUSH_MS = 5_000

/** Connects to a gateway. It keeps no process alive, so call `close()` before yours ends. @throws EngramError `bad_request` */
export function createEngram(options: EngramOptions): Engram {
  const { connection, name, channel, push, usage: limits } = readOptions(options)
  const { on, tell } = hooks()
  const identity = { process: randomUUID(), name }
  const prompts = knownPrompts()
  const vouch = vouching()
  const fetchPrompt = promptFetcher({ connection, prompts, vouch })
  const read = promptReader({ prompts, vouch, fetchPrompt, channel, tell })
  const confirm = confirmations(connection, identity.process)
  const current = keepCurrent({ prompts, vouch, fetchPrompt, confirm: confirm.add })
  const stream = push ? listenToStream({ connection, identity, tell }, current) : null
  const usage = usageQueue({ connection, limits, tell })

  return {
    prompt: read,
    async render(name, { variables = {}, missing, ...where } = {}) {
      const prompt = await read(name, where)
      const content = await withIncludes(prompt, (included) => read(included, where))
      return { text: fill(name, content, variables, { missing }), prompt }
    },
    usage: usage.add,
    usageCounts: usage.counts,
    flush: ({ timeoutMs = FLUSH_MS } = {}) => usage.flush(timeoutMs),
    on,
    async close({ timeoutMs = FLUSH_MS } = {}) {
      stream?.close()
      confirm.close()
      return usage.close(timeoutMs)
    },
  }
}
