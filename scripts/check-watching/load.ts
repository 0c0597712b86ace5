import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

/**
 * A process of its own that asks for random keys at a steady pace, whatever the answers take, and prints how long each took
 * from when it was due: `load.ts <redis url> <keys> <per second> <seconds>`.
 */
const [url = '', keys, rate, seconds] = process.argv.slice(2)
const [EVERY_MS, PER_TICK, TICKS] = [2, Number(rate) / 500, Number(seconds) * 500]

const redis = new Redis(url, { connectionName: 'watching-load' })
await redis.ping()
const micros: number[] = []
const answers: Promise<void>[] = []
const began = performance.now()
for (let tick = 0; tick < TICKS; tick++) {
  const due = began + tick * EVERY_MS
  const early = due - performance.now()
  if (early > 0) await sleep(early)
  // A timer may be a little early, too.
  const begins = Math.min(due, performance.now())
  for (let n = 0; n < PER_TICK; n++)
    answers.push(
      redis.get(`app:cache:${Math.floor(Math.random() * Number(keys))}`).then(() => {
        micros.push(Math.round((performance.now() - begins) * 1_000))
      }),
    )
}
await Promise.all(answers)
redis.disconnect()
micros.sort((a, b) => a - b)
const at = (share: number) => micros[Math.min(micros.length - 1, Math.floor(micros.length * share))] ?? 0
process.stdout.write(JSON.stringify({ gets: micros.length, p50: at(0.5), p99: at(0.99), most: at(1) }))
