import { postgresEnv } from '@/db/postgres/env'
import { NOTES_CHANNEL } from '@/db/postgres/queries/outbox'
import { listenForWakeUps } from '@/db/postgres/wake-ups'

/** Who committed is about to tell Redis itself: the relay comes for what was left undone by then. */
const GRACE_MS = 50

/** Calls `wake` soon after every commit that left something to tell Redis. The relay's own looks remain what is relied on. */
export function wakeRelay(wake: () => void, url = postgresEnv().url) {
  return listenForWakeUps({ url, channel: NOTES_CHANNEL, applicationName: 'engram-worker-wake-ups' }, () =>
    setTimeout(wake, GRACE_MS).unref(),
  )
}
