import { EngramError, isUnavailable } from './errors.js'
import type { Tell } from './hooks.js'
import type { Known, KnownPrompts } from './known-prompts.js'
import { type Prompt, type Served, variantFor } from './served.js'
import type { Vouching } from './vouching.js'

export type ReadOptions = {
  channel?: string
  /** Whom a rollout gives its version to: a user, as a rule. At most 200 characters. */
  subject?: string
}

const MOST_SUBJECT = 200

type Options = {
  prompts: KnownPrompts
  vouch: Vouching
  fetchPrompt: (known: Known) => Promise<Served>
  channel: string
  tell: Tell
}

/** The read path of an application: its own copy, then the gateway, then the last good copy, which says so. */
export function promptReader({ prompts, vouch, fetchPrompt, channel: defaultChannel, tell }: Options) {
  const readThrough = async (name: string, channel: string, subject: string | undefined): Promise<Prompt> => {
    checkName(name)
    const known = prompts.find(channel, name) ?? prompts.add(channel, name)
    if (known.failure && known.lastGood) return whileItFails(known, known.failure, known.lastGood, subject)
    try {
      return variantFor(await fetchPrompt(known), subject).gateway
    } catch (error) {
      const { lastGood } = known
      if (!lastGood || !isUnavailable(error)) throw error
      return stale(known, lastGood, subject, error as EngramError)
    }
  }

  /** Nobody waits for a gateway that did not answer just now: it is asked once a second, beside the reads. */
  const whileItFails = (known: Known, failure: NonNullable<Known['failure']>, lastGood: Served, subject?: string) => {
    if (performance.now() >= failure.askAgainAt) {
      failure.askAgainAt = Infinity
      fetchPrompt(known).catch(() => {}) // it is the next `failure`
    }
    return stale(known, lastGood, subject, failure.reason)
  }

  const stale = (known: Known, lastGood: Served, subject: string | undefined, reason: Error): Prompt => {
    if (!known.staleTold) {
      known.staleTold = true
      const { name, channel, copy, goodUntil } = known
      const until = copy ? Math.max(goodUntil, vouch.provenAt()) : goodUntil
      const since = new Date(Date.now() - (performance.now() - until))
      tell('stale', { name, channel, revision: lastGood.revision, since, reason })
    }
    return variantFor(lastGood, subject).lastGood
  }

  return (name: string, options?: ReadOptions): Promise<Prompt> => {
    const channel = options?.channel ?? defaultChannel
    const subject = options?.subject
    if (subject !== undefined && (typeof subject !== 'string' || subject === '' || subject.length > MOST_SUBJECT))
      return Promise.reject(bad('subject', `must be a text of 1 to ${MOST_SUBJECT} characters`))
    const copy = prompts.find(channel, name)?.copy
    return copy && vouch.live() ? variantFor(copy, subject).copy : readThrough(name, channel, subject)
  }
}

export type ReadPrompt = ReturnType<typeof promptReader>

/** The gateway judges names; these would not even reach it, as URLs cannot hold them. */
function checkName(name: string) {
  if (typeof name !== 'string' || name === '' || name === '.' || name === '..')
    throw bad('name', 'must be the name of a prompt')
}

const bad = (field: string, message: string) => new EngramError('bad_request', `${field}: ${message}`, { field })
