import {
  approvalOn,
  conversationsOfVersion,
  costOfUncachedCalls,
  countCallsOfVersion,
  includersOf,
  servedOn,
} from '@/db/postgres/queries/prompt-reach'
import { countLiveAmong } from '@/db/redis/live-sessions'
import { countAnswersOfVersion } from '@/db/redis/prompt-answers'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { scaled, usdFromPico } from '@/server/services/usage/prices/pico-usd'
import type { TouchedByChange } from './prompt-pages.schema'
import { unknownPrompt } from './unknown'

const MINUTE_MS = 60_000
export const TRAFFIC_MINUTES = 15
export const SESSION_MINUTES = 30
export const COST_HOURS = 24
const MOST_CONVERSATIONS = 10_000
const MOST_INCLUDERS = 5

/** A figure, or why there is none (R12). */
export type Known<T> = ({ missing: null } & T) | { missing: string }

/**
 * What it touches when a channel stops serving what it serves and serves `staying`. Each figure is asked for by itself: a
 * store that does not answer takes only its own away. @throws AppError `not_found`.
 */
export async function touchedByChange(stores: Stores, { name, channel, staying }: TouchedByChange) {
  const served = await servedOn(stores.db, { name, channel })
  if (!served) throw unknownPrompt(name)
  const leaving = served.filter((version) => !staying.includes(version))
  const now = new Date()
  const [traffic, sessions, answers, includers, approval] = await Promise.all([
    known(() => trafficOf(stores, { name, versions: served, now })),
    known(() => sessionsOn(stores, { name, versions: leaving, now })),
    known(() => answersOf(stores, { name, versions: leaving, now })),
    known(() => includersOf(stores.db, { name, channel, limit: MOST_INCLUDERS })),
    known(async () => ({ required: await approvalOn(stores.db, { channel }) })),
  ])
  return { served, leaving, traffic, sessions, answers, includers, approval, asOf: now.toISOString() }
}
export type Touched = Awaited<ReturnType<typeof touchedByChange>>

type Of = { name: string; versions: number[]; now: Date }
const before = (now: Date, minutes: number) => ({ from: new Date(now.getTime() - minutes * MINUTE_MS), to: now })

async function known<T extends object>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { missing: null, ...(await ask()) }
  } catch (error) {
    const why = expected(error)
    if (why?.code !== 'unavailable') throw error
    return { missing: why.message }
  }
}

async function trafficOf({ db }: Stores, { name, versions, now }: Of) {
  const range = before(now, TRAFFIC_MINUTES)
  const calls = await Promise.all(versions.map((version) => countCallsOfVersion(db, { name, version, ...range })))
  const requests = calls.reduce((sum, call) => sum + call.requests, 0)
  return { requests, perMinute: requests / TRAFFIC_MINUTES }
}

/** A session is the conversation of its id. Null: nobody can know, because no call said where it belongs. */
async function sessionsOn({ db, redis }: Stores, { name, versions, now }: Of) {
  const range = before(now, SESSION_MINUTES)
  const [calls, ids] = await Promise.all([
    Promise.all(versions.map((version) => countCallsOfVersion(db, { name, version, ...range }))),
    Promise.all(
      versions.map((version) => conversationsOfVersion(db, { name, version, ...range, limit: MOST_CONVERSATIONS + 1 })),
    ),
  ])
  const found = [...new Set(ids.flat())]
  const seen = found.slice(0, MOST_CONVERSATIONS)
  const requests = calls.reduce((sum, call) => sum + call.requests, 0)
  if (requests > 0 && seen.length === 0) return { live: null, conversations: 0, more: false }
  const live = await redisTruth(redis, () => countLiveAmong(redis, seen, now.getTime()))
  return { live, conversations: seen.length, more: found.length > seen.length }
}

/** What the versions' cached answers would cost to make again, at what their uncached calls cost lately; null: no price. */
async function answersOf({ db, redis }: Stores, { name, versions, now }: Of) {
  const range = before(now, COST_HOURS * 60)
  const parts = await Promise.all(
    versions.map(async (version) => {
      const [count, spent] = await Promise.all([
        redisTruth(redis, () => countAnswersOfVersion(redis, { name, version }, now.getTime())),
        costOfUncachedCalls(db, { name, version, ...range }),
      ])
      const pico = scaled(spent.costUsd, 12)
      const cost =
        count === 0
          ? 0n
          : pico === null || spent.requests === 0
            ? null
            : (pico * BigInt(count)) / BigInt(spent.requests)
      return { count, cost, priced: spent.requests }
    }),
  )
  const costs = parts.map(({ cost }) => cost)
  const total = costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0n)
  return {
    count: parts.reduce((sum, part) => sum + part.count, 0),
    costUsd: total === null ? null : usdFromPico(total),
    priced: parts.reduce((sum, part) => sum + part.priced, 0),
  }
}
