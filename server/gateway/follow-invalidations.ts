import type { Key } from '@/db/postgres/queries/keys'
import { AppError } from '@/server/errors'
import type { FollowStream } from '@/server/services/live/stream.schema'
import type { Events } from './event-stream'
import { requireKey } from './key'
import type { Services } from './services'

type Follower = FollowStream & { key: Key; authorization: string }
type Needs = Pick<Services, 'invalidations' | 'authenticate' | 'self' | 'sdks'>

const KEEP_ALIVE_MS = 15_000
const CHECK_KEY_MS = 1_000

/**
 * Writes what this gateway hears to a stream, at the moment that it hears it. So what was heard before a beat stands before
 * it on the stream, and the beat may vouch for it (R4). Answers what ends it.
 */
export function followInvalidations(events: Events, services: Needs, follower: Follower) {
  const { invalidations, authenticate, self, sdks } = services
  const { process: id, name = id, key } = follower
  const beat = () => {
    const proven = invalidations.provenAt()
    if (proven !== null) events.send('beat', { proven })
  }
  const checkKey = async () => {
    try {
      await requireKey(follower.authorization, 'app', authenticate)
    } catch (error) {
      // That Postgres does not answer is no reason to let go of a key that was good (R5).
      if (!(error instanceof AppError) || error.code !== 'unavailable') events.end()
    }
  }

  const left = id && name ? sdks.opened({ id, name, keyId: key.id }) : () => {}
  events.send('hello', { gateway: self.id, clock: performance.now() })
  const stopListening = invalidations.listen({
    invalidated(message) {
      if (message.family === 'flags') return events.send('flag', { name: message.name, revision: message.revision })
      if (message.family !== 'prompts') return
      const { name, channel, revision } = message
      events.send('prompt', { name, channel, revision })
    },
    lost: () => events.send('lost', {}),
  })
  const timers = [setInterval(events.keepAlive, KEEP_ALIVE_MS), setInterval(() => void checkKey(), CHECK_KEY_MS)]
  if (follower.beat !== undefined) {
    beat()
    timers.push(setInterval(beat, follower.beat))
  }
  return () => {
    for (const timer of timers) clearInterval(timer)
    stopListening()
    left()
  }
}
