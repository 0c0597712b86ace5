import {
  selectChannels,
  selectLiveAt,
  selectMovesAround,
  selectNotLiveAt,
  selectTextsOf,
  type VersionText,
} from '@/db/postgres/queries/what-was-live'
import { selectPrompt } from '@/db/postgres/queries/prompts'
import type { Stores } from '@/server/services/context'
import { armOf } from './buckets'
import { reportedAround } from './reported-around'
import { pricesAround } from './prices-around'
import { unknownPrompt } from './unknown'
import type { LiveAnswer, LiveVersion, WhatWasLive } from './what-was-live.schema'

const MOST_PROMPTS = 100
const MOST_NOT_LIVE = 20
const MOST_CHANNELS = 100

/**
 * What a channel served at an instant, from the history of its pointers: versions with their content, who made them live,
 * until when, and the prices of the models in use. @throws AppError `not_found`.
 */
export async function whatWasLive({ db }: Pick<Stores, 'db'>, input: WhatWasLive): Promise<LiveAnswer> {
  const { channel, tenant, subject, prompt } = input
  const now = new Date()
  const at = input.at && input.at < now ? input.at : now
  if (prompt !== undefined && !(await selectPrompt(db, { name: prompt }))) throw unknownPrompt(prompt, 'prompt')
  const asked = { channel, at, prompt }
  const [reported, prices, notLive, moves, channels] = await Promise.all([
    tenant === undefined ? null : reportedAround(db, { at, tenant, channel }),
    pricesAround(db, { at, tenant }),
    selectNotLiveAt(db, { ...asked, limit: MOST_NOT_LIVE }),
    selectMovesAround(db, asked),
    selectChannels(db, { limit: MOST_CHANNELS }),
  ])
  const first = [...new Set(reported?.versions.map(({ name }) => name))]
  const live = await selectLiveAt(db, { ...asked, first, limit: MOST_PROMPTS })
  const texts = await selectTextsOf(db, live.flatMap(versionsOf))
  return {
    at: at.toISOString(),
    channel,
    total: live[0]?.total ?? 0,
    prompts: live.map((row) => liveVersion(row, texts, subject)),
    notLive: {
      total: notLive[0]?.total ?? 0,
      prompts: notLive.map(({ name, createdAt, firstLiveAt }) => ({
        name,
        createdAt: createdAt.toISOString(),
        firstLiveAt: iso(firstLiveAt),
      })),
    },
    moves: { first: iso(moves.first), before: iso(moves.before), after: iso(moves.after) },
    channels,
    reported,
    prices,
  }
}

type LiveRow = Awaited<ReturnType<typeof selectLiveAt>>[number]

const versionsOf = ({ promptId, version, rollout }: LiveRow) =>
  [...new Set([version, ...(rollout?.arms ?? []).map((arm) => arm.version)])].map((number) => ({
    promptId,
    version: number,
  }))

function liveVersion(row: LiveRow, texts: VersionText[], subject: string | undefined): LiveVersion {
  const { promptId, name, version, revision, rollout, kind, by, reason, since, until } = row
  const textOf = (number: number) => {
    const text = texts.find((text) => text.promptId === promptId && text.version === number)
    if (!text) throw new Error(`${name} has no version ${number}, which revision ${revision} served`)
    const { model, config, content, bytes } = text
    return { version: number, model, config, content, bytes }
  }
  return {
    name,
    ...textOf(version),
    revision,
    kind,
    by,
    reason,
    since: since.toISOString(),
    until: until && { ...until, at: until.at.toISOString() },
    arms: rollout && rollout.arms.map(({ version, weight }) => ({ ...textOf(version), weight })),
    subjectVersion: subject === undefined ? null : ((rollout && armOf(rollout, subject)?.version) ?? version),
  }
}

const iso = (at: Date | null) => at?.toISOString() ?? null
