import { drawCall, drawQuestion, toEvent } from './call'
import type { Gateway } from './gateway'
import { seeded } from './random'
import { callsPerMinute, versionAt } from './world'

const HOUR_MS = 3_600_000
const BATCH = 1_000
const DAYS = 14
/** Share of questions that the answer cache knew, in the steady state of the live traffic. */
const ANSWERED_FROM_CACHE = 0.6

/** Reports the usage of the last 14 days, newest hour first, through the gateway like any other application. */
export async function backfill(app: Gateway, now: number, onProgress: (share: number) => void): Promise<number> {
  const random = seeded(14)
  const hours = DAYS * 24
  let batch: unknown[] = []
  let sent = 0
  const send = async () => {
    if (batch.length === 0) return
    const { status, body } = await app.call<{ accepted?: number }>('POST', '/v1/usage', { events: batch })
    if (status !== 200) throw new Error(`The back-fill was refused with ${status}: ${JSON.stringify(body)}`)
    sent += body.accepted ?? 0
    batch = []
  }
  for (let hour = 1; hour <= hours; hour++) {
    const start = now - hour * HOUR_MS
    const count =
      random.poisson(Math.min(600, callsPerMinute(start, now) * 30)) +
      random.poisson(Math.min(600, callsPerMinute(start, now) * 30))
    for (let n = 0; n < count; n++) {
      const at = Math.floor(start + random.next() * HOUR_MS)
      const asked = drawQuestion(random)
      const version = versionAt(asked.prompt, at, now)
      const call = drawCall(random, asked, version)
      const event = toEvent(call, version, new Date(at), random.chance(ANSWERED_FROM_CACHE))
      batch.push({ id: `past-${hour}-${n}`, ...event })
      if (batch.length === BATCH) await send()
    }
    onProgress(hour / hours)
  }
  await send()
  return sent
}
