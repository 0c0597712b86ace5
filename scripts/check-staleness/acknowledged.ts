import type { Write } from './history'

type Acknowledged = { revision: number; at: number }

/** What is known of each prompt's revisions from outside: when each was asked for, and when something newer was due. */
export function writesByPrompt(writes: readonly Write[]) {
  const invokedAt = new Map<string, number>()
  const acknowledged = new Map<string, Acknowledged[]>()
  const askedAt = new Map<string, Map<number, number>>()
  for (const write of writes) {
    if (write.type === 'invoke') invokedAt.set(write.op, write.at)
    if (write.type !== 'ok' && write.type !== 'settled') continue
    listOf(acknowledged, write.prompt).push(write)
    if (write.type === 'ok') mapOf(askedAt, write.prompt).set(write.revision, invokedAt.get(write.op) ?? -Infinity)
  }
  return new Map(
    [...acknowledged].map(([prompt, list]) => [
      prompt,
      {
        overtakenAt: overtaking(list),
        askedAt: (revision: number) => askedAt.get(prompt)?.get(revision) ?? -Infinity,
      },
    ]),
  )
}

/** When somebody was first told of anything newer than a revision; Infinity while nobody was. */
function overtaking(acknowledged: readonly Acknowledged[]): (revision: number) => number {
  const sorted = [...acknowledged].sort((a, b) => a.revision - b.revision)
  const earliest = new Array<number>(sorted.length)
  let soonest = Infinity
  for (let index = sorted.length - 1; index >= 0; index--)
    earliest[index] = soonest = Math.min(soonest, sorted[index]?.at ?? Infinity)
  return (revision) => earliest[firstAbove(sorted, revision)] ?? Infinity
}

/** Index of the first entry with a higher revision, by halving. */
function firstAbove(sorted: readonly Acknowledged[], revision: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.revision ?? Infinity) > revision) high = middle
    else low = middle + 1
  }
  return low
}

const listOf = (lists: Map<string, Acknowledged[]>, key: string) => {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}
const mapOf = (maps: Map<string, Map<number, number>>, key: string) => {
  const map = maps.get(key) ?? new Map<number, number>()
  maps.set(key, map)
  return map
}
