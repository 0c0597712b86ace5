import { Cluster, type Redis } from 'ioredis'
import type { RedisStore } from './client'

/** R8: small steps, each a fifth of a millisecond of Redis, and pauses as long as what they follow: whoever waits, waits for one. */
const COUNT = 100
const STEP_MS = 5
const PAUSE_MS = 5

/** Every key that matches, in batches, on every node of a cluster. A key may come more than once, as SCAN says. */
export async function* scanKeys({ commands }: Pick<RedisStore, 'commands'>, pattern: string): AsyncGenerator<string[]> {
  const nodes: Redis[] = commands instanceof Cluster ? commands.nodes('master') : [commands]
  let stepStarted = performance.now()
  for (const node of nodes) {
    let cursor = '0'
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', COUNT)
      cursor = next
      if (keys.length > 0) yield keys
      if (performance.now() - stepStarted < STEP_MS) continue
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      stepStarted = performance.now()
    } while (cursor !== '0')
  }
}
