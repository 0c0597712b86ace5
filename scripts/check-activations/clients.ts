import { type Act, drawAsk } from '@/scripts/check-staleness/acts'
import { seeded } from '@/scripts/simulate/random'

export type Outcomes = {
  told: Map<string, { revision: number; version: number }>
  refused: string[]
  /** Replies that were neither: there must be none. */
  unexpected: string[]
}

type Options = { clients: number; each: number; prompts: readonly string[]; seed: number; act: (client: number) => Act }

/** All clients at once, each one change after the other, on whichever prompt it draws. */
export async function runClients({ clients, each, prompts, seed, act }: Options, outcomes: Outcomes): Promise<void> {
  const client = async (index: number) => {
    const random = seeded(seed + index)
    const ask = act(index)
    for (let turn = 1; turn <= each; turn++) {
      const drawn = drawAsk(`client-${index + 1}-${turn}`, prompts, random)
      try {
        const told = await ask(drawn)
        if (told) outcomes.told.set(drawn.op, told)
        else outcomes.refused.push(drawn.op)
      } catch (error) {
        outcomes.unexpected.push(`${drawn.op}: ${String(error)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)))
}
