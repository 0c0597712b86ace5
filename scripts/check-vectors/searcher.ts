import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '@/scripts/simulate/random'
import type { Gateway } from './gateway'
import { type Found, judgeAnswer, kinds, type Memory, type Question, randomVector } from './items'
import type { Outages } from './outages'

/** A tenant that nobody works on, and all that it holds. */
export type Steady = { tenant: string; memory: Memory }

/** What one client met. `refused` are searches that Postgres' absence explains: each was asked again until it was answered. */
export type Searches = { answered: number; refused: number; recalls: number[]; failures: string[] }

/** A search that was asked before is answered by Redis. */
const REPEATED = 0.1
/** Redis keeps every answer for minutes, and an erasure walks all that it keeps. */
const PAUSE_MS = 100

type Options = { gateway: Gateway; steady: Steady[]; random: Random; outages: Outages; more: () => boolean }

/** Searches one tenant after the other until `more` says no; every answer is compared with what the tenant holds. */
export async function search({ gateway, steady, random, outages, more }: Options): Promise<Searches> {
  const seen: Searches = { answered: 0, refused: 0, recalls: [], failures: [] }
  let last: { of: Steady; question: Question } | null = null
  for (; more(); await sleep(PAUSE_MS)) {
    if (!last || !random.chance(REPEATED)) last = { of: random.oneOf(steady), question: questionOf(random) }
    const { of, question } = last
    for (;;) {
      const began = performance.now()
      const reply = await gateway.ask({ path: `/v1/memory/${of.tenant}/search`, body: question })
      if (reply?.status === 200) {
        const { items } = JSON.parse(reply.text) as { items: Found[] }
        const { wrong, recall } = judgeAnswer(of.memory, question, items)
        if (wrong) seen.failures.push(`search of ${of.tenant}: ${wrong}`)
        seen.answered++
        seen.recalls.push(recall)
        break
      }
      if (reply?.status !== 503 || reply.retryAfter === null || !outages.covers(began)) {
        seen.failures.push(
          `search of ${of.tenant}: ${reply ? `${reply.status} ${reply.text.slice(0, 200)}` : 'no answer'}`,
        )
        break
      }
      seen.refused++
      await sleep(PAUSE_MS)
    }
  }
  return seen
}

const questionOf = (random: Random): Question => ({
  embedding: randomVector(random),
  k: 1 + random.integer(20),
  ...(random.chance(0.3) && { kind: random.oneOf(kinds) }),
})
