import { count } from '@/components/format/count'
import { clockSeconds, dayTime, fullStamp } from '@/components/format/instant'
import type { LiveAnswer, LiveVersion, ReportedVersion } from '@/server/services/prompts/what-was-live.schema'

export type ShownPrompt = { live: LiveVersion; reported: ReportedVersion[] }
/** A prompt that calls named though nothing of it was live, or though there is none of that name. */
export type Stranger = { name: string; reported: ReportedVersion[]; why: string }

/** The listed prompts with what the tenant's calls said of them: those that it used, the others, and what it only claimed. */
export function splitByUse({ prompts, reported, notLive, total }: LiveAnswer) {
  const of = (name: string) => reported?.versions.filter((version) => version.name === name) ?? []
  const shown = prompts.map((live): ShownPrompt => ({ live, reported: of(live.name) }))
  const listed = new Set(prompts.map(({ name }) => name))
  const strange = [...new Set(reported?.versions.map(({ name }) => name))].filter((name) => !listed.has(name))
  return {
    used: shown.filter((prompt) => prompt.reported.length > 0),
    others: shown.filter((prompt) => prompt.reported.length === 0),
    // All prompts in use are listed first: what is missing from a full list was not live.
    strangers: strange.map((name): Stranger => {
      const known = notLive.prompts.some((prompt) => prompt.name === name) || notLive.total > notLive.prompts.length
      return { name, reported: of(name), why: known ? 'nothing of it was live here' : 'there is no such prompt' }
    }),
    left: total - prompts.length,
  }
}

const MINUTE_MS = 60_000
const plural = (n: number, one: string) => `${count(n)} ${n === 1 ? one : `${one}s`}`

type Asked = { now: boolean; timezone: string; prompt: string | null }

/** The answer in one sentence, and in a second one what a reader who thinks in minutes might miss. */
export function summary(answer: LiveAnswer, asked: Asked) {
  const { at, moves } = answer
  const soon = moves.after !== null && Date.parse(moves.after) - Date.parse(at) < MINUTE_MS ? moves.after : null
  return {
    said: sentence(answer, asked),
    soon: soon && `The next activation followed within a minute, at ${clockSeconds(soon, asked.timezone)}.`,
  }
}

function sentence({ at, channel, total, moves }: LiveAnswer, { now, timezone, prompt }: Asked): string {
  const when = now ? 'now' : `at ${fullStamp(at, timezone)}`
  const nothing = prompt === null ? 'Nothing' : `Nothing of ${prompt}`
  if (moves.first === null) return `${nothing} was ever activated on ${channel}.`
  if (total === 0)
    return `${nothing} was live on ${channel} yet ${when}. The first activation was on ${fullStamp(moves.first, timezone)}.`
  const verb = total === 1 ? (now ? 'is' : 'was') : now ? 'are' : 'were'
  return `${prompt ?? plural(total, 'prompt')} ${verb} live on ${channel} ${when}.`
}

/** "since 12 Nov 13:58:02 by ada (rolled back: too long) · until 14:22:10, v13 by ci" */
export function stretchText({ since, by, kind, reason, until }: LiveVersion, timezone: string, at: string) {
  const how = kind === 'rollback' ? 'rolled back by' : kind === 'rollout' ? 'rolled out by' : 'by'
  const next = until && (until.kind === 'rollback' ? `rolled back to v${until.version}` : `v${until.version}`)
  return {
    since: `since ${stamp(since, timezone, at)}, ${how} ${by}`,
    reason,
    until: until ? `until ${stamp(until.at, timezone, at)}, ${next} by ${until.by}` : 'live still',
  }
}

/** "14:02:11", with its day on another day. To the second: activations of one incident are seconds apart. */
export function stamp(at: string, timezone: string, now: string) {
  const seconds = clockSeconds(at, timezone)
  return dayTime(at, timezone, now).replace(/\d\d:\d\d$/, seconds)
}

/** What the calls of a tenant said about a version that was not live then. */
export function strayText({ version, stray }: ReportedVersion, channel: string, timezone: string): string | null {
  if (!stray) return null
  const { calls, first, last, elsewhere, nowhereCalls } = stray
  const [from, to] = [clockSeconds(first, timezone), clockSeconds(last, timezone)]
  const when = from === to ? `at ${from}` : `between ${from} and ${to}`
  const where =
    nowhereCalls === calls
      ? 'which no channel served then'
      : `which ${elsewhere.join(' and ')} served then, not ${channel}` +
        (nowhereCalls > 0 ? `; at ${plural(nowhereCalls, 'call')} no channel did` : '')
  return `${plural(calls, 'call')} ${when} used v${version}, ${where}`
}

export const callsText = (calls: number, version: number) => `${plural(calls, 'call')} with v${version}`

const FOLDED_LINES = 3
const FOLDED_CHARACTERS = 320

/** The beginning of a text, short enough for a list; null where the whole is. */
export function foldedText(content: string): string | null {
  const begun = content.split('\n').slice(0, FOLDED_LINES).join('\n').slice(0, FOLDED_CHARACTERS)
  return begun.length < content.length ? begun : null
}
