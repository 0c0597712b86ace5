import type { Stores } from '@/server/services/context'
import { liveCount } from './live-count'
import { matchSessions } from './match-sessions'
import type { SessionFilter } from './session-lists.schema'
import { sessionTruth } from './session-truth'
import { walkSessions } from './walk-sessions'

const LONGEST_MS = 4_000
const SAMPLE = 5

/** How many live sessions a log-out would take; `complete` is false where it was not done in a few seconds. */
export async function countSessions(stores: Stores, filter: SessionFilter, { longestMs = LONGEST_MS } = {}) {
  const began = Date.now()
  const users = new Set<string>()
  const sample: { id: string; tenant: string; user: string }[] = []
  let [examined, matched, complete] = [0, 0, true]
  const live = await sessionTruth(stores.redis, async () => {
    for await (const step of walkSessions(stores, { now: began, whose: filter })) {
      const found = await matchSessions(stores, step.sessions, filter, began)
      examined += step.examined
      matched += found.length
      for (const { id, tenant, user } of found) {
        users.add(`${tenant}/${user}`)
        if (sample.length < SAMPLE) sample.push({ id, tenant, user })
      }
      complete = Date.now() - began < longestMs
      if (!complete) break
    }
    return liveCount(stores, began)
  })
  return { asOf: new Date(began).toISOString(), matched, users: users.size, sample, examined, live, complete }
}
export type CountedSessions = Awaited<ReturnType<typeof countSessions>>
