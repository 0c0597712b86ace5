import type { RolloutArm } from '@/db/postgres/schema/prompts'
import { armOf } from './buckets'
import type { ActivePrompt } from './prompts.schema'

/** One answer as the gateway sends it. */
export type Served = { json: string; etag: string }
export type ServedPrompt = Served & { prompt: ActivePrompt }

type Text = Pick<ActivePrompt, 'content' | 'model' | 'config'>
/** What a channel serves, as it stands in Redis and as SDKs fetch it; the prompt itself is the base version. */
export type ChannelEntry = ActivePrompt & { rollout: { salt: string; arms: (RolloutArm & Text)[] } | null }

/** The same, ready to be sent; each answer is made once. */
export type ServedChannel = {
  /** What this subject gets; without one, the base version. */
  to(subject?: string): ServedPrompt
  whole(): Served
  /** About what it takes in memory. */
  characters: number
}

const NO_ROLLOUT = ',"rollout":null}'

export function servedChannel(entry: ChannelEntry): ServedChannel {
  const { rollout, ...prompt } = entry
  return rollout ? byArm(prompt, rollout, JSON.stringify(entry)) : inFull(prompt, JSON.stringify(prompt))
}

/** Null for an entry that is none of ours, or of a process that knew no rollouts: the next fill replaces it. */
export function channelFromEntry(text: string): ServedChannel | null {
  try {
    const { rollout, ...prompt } = JSON.parse(text) as ChannelEntry
    if (typeof prompt.revision !== 'number') return null
    if (rollout) return byArm(prompt, rollout, text)
    return text.endsWith(NO_ROLLOUT) ? inFull(prompt, `${text.slice(0, -NO_ROLLOUT.length)}}`) : null
  } catch {
    return null
  }
}

function inFull(prompt: ActivePrompt, json: string): ServedChannel {
  const served = { prompt, json, etag: etagOf(prompt) }
  return {
    to: () => served,
    whole: () => ({ json: json.slice(0, -1) + NO_ROLLOUT, etag: etagOfWhole(prompt) }),
    characters: json.length,
  }
}

function byArm(prompt: ActivePrompt, rollout: NonNullable<ChannelEntry['rollout']>, json: string): ServedChannel {
  const made = new Map<number, ServedPrompt>()
  const make = ({ version, content, model, config }: Text & { version: number }) => {
    const arm = { ...prompt, version, content, model, config }
    const served = { prompt: arm, json: JSON.stringify(arm), etag: etagOf(arm) }
    made.set(version, served)
    return served
  }
  return {
    to(subject) {
      const arm = (subject === undefined ? undefined : armOf(rollout, subject)) ?? prompt
      return made.get(arm.version) ?? make(arm)
    },
    whole: () => ({ json, etag: etagOfWhole(prompt) }),
    characters: 2 * json.length,
  }
}

const etagOf = ({ revision, version }: ActivePrompt) => `"r${revision}-v${version}"`
const etagOfWhole = ({ revision }: ActivePrompt) => `"r${revision}-whole"`
