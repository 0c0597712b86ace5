import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { logError } from '@/server/log'
import { type Tokenizer, tokenizerOf } from './tokenizer.schema'

/** `tokens` is null where the count failed or took too long: unknown, never 0. */
export type TokenCount = { tokens: number | null; tokenizer: Tokenizer }

/** Every process runs from the root of the repository; bundled code knows no better address. */
const FILE = join(process.cwd(), 'server/services/prompts/token-worker.mjs')
const DEADLINE_MS = 30_000
const IDLE_MS = 60_000
const MOST_WAITING = 50

let thread: Worker | null = null
let idle: NodeJS.Timeout | undefined
let waiting = 0
let last: Promise<unknown> = Promise.resolve()

/**
 * Tokens of a prompt's content as its model counts them. In a thread of its own, one count at a time, so that no content
 * holds up the requests of this process; the thread ends, and its 70 MB with it, after a minute without work.
 */
export async function countTokens({ content, model }: { content: string; model: string | null }): Promise<TokenCount> {
  const { tokenizer } = tokenizerOf(model)
  if (waiting >= MOST_WAITING) return { tokens: null, tokenizer }
  waiting++
  const counted = last.then(() => ask({ content, tokenizer }))
  last = counted.finally(() => waiting--)
  return { tokens: await counted, tokenizer }
}

async function ask(message: { content: string; tokenizer: Tokenizer }): Promise<number | null> {
  clearTimeout(idle)
  const asked = (thread ??= new Worker(FILE))
  asked.ref()
  const ended = new AbortController()
  const onExit = () => ended.abort(new Error('the counting thread ended'))
  asked.once('exit', onExit)
  try {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(DEADLINE_MS)])
    const answer = once(asked, 'message', { signal })
    asked.postMessage(message)
    const [tokens] = (await answer) as [number]
    asked.unref()
    idle = setTimeout(() => stop(asked), IDLE_MS).unref()
    return tokens
  } catch (error) {
    logError('prompts: tokens could not be counted', error)
    stop(asked)
    return null
  } finally {
    asked.off('exit', onExit)
  }
}

function stop(asked: Worker) {
  if (thread === asked) thread = null
  void asked.terminate()
}
