import { createEngram, type Prompt } from '@/sdk/src/engram'
import type { Figure } from './figure'
import { median } from './load'
import type { Setting } from './setting'

const ROUNDS = 5
const READS = 2_000_000
/** Reads between two turns of the event loop, as an application that does something else as well would leave it. */
const BURST = 20_000
const WAIT_MS = 10_000
/** A gateway that gets no turn of the processor for 200 ms cannot vouch; such a round says nothing, and is run again. */
const MOST_ROUNDS = 30

/** Reads of one loop that awaits each, all of them from the SDK's own copy. */
export async function sdkReads({ gatewayUrl, appKey, promptName }: Setting): Promise<Figure[]> {
  let requests = 0
  const counting: typeof fetch = (...request) => (requests++, fetch(...request))
  const engram = createEngram({ url: gatewayUrl, key: appKey, name: 'bench', fetch: counting })
  try {
    const read = () => engram.prompt(promptName)
    await timeFromCopy(read) // warms the compiler
    const seconds: number[] = []
    for (let round = 0; seconds.length < ROUNDS; round++) {
      if (round === MOST_ROUNDS)
        throw new Error(`In ${round} rounds the gateway could not vouch for the copy throughout`)
      requests = 0
      const took = await timeFromCopy(read)
      if (took !== null && requests === 0) seconds.push(took)
    }
    return [
      {
        work: 'active prompt in the SDK, warm',
        ours: READS,
        unit: 'reads',
        other: median(seconds),
        otherUnit: 's',
        dividedBy: 'seconds of one loop that awaits each, from its copy, without a request',
        goal: { atLeast: 1_000_000 },
      },
    ]
  } finally {
    await engram.close()
  }
}

/** Null when any of the reads came from elsewhere. */
async function timeFromCopy(read: () => Promise<Prompt>): Promise<number | null> {
  await untilCopy(read)
  let elsewhere = 0
  const started = performance.now()
  for (let reads = 0; reads < READS; reads += BURST) {
    for (let n = 0; n < BURST; n++) if ((await read()).source !== 'copy') elsewhere++
    await new Promise(setImmediate)
  }
  return elsewhere === 0 ? (performance.now() - started) / 1_000 : null
}

async function untilCopy(read: () => Promise<Prompt>): Promise<void> {
  const giveUpAt = performance.now() + WAIT_MS
  while ((await read()).source !== 'copy') {
    if (performance.now() > giveUpAt) throw new Error(`The SDK has no copy after ${WAIT_MS / 1_000} s`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
