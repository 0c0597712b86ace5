import type { Stores } from '@/server/services/context'
import { inItsStore } from './in-its-store'
import { noSession } from './no-session'
import { turn as turnSchema } from './sessions.schema'

/**
 * A session as an operator looks at it: its time goes on running out. What is no JSON is shown as the text that it is.
 * @throws AppError `not_found`, `conflict` where the key holds something else
 */
export async function peekSession(stores: Stores, { id }: { id: string }) {
  const found = await inItsStore(stores, id, async (store) => {
    const session = await store.peek(id)
    return session && { ...session, store: store.name }
  })
  if (found === null) throw noSession()
  const { data, turns, expiresAt, createdAt, ...known } = found
  const json = parsed(data)
  return {
    id,
    ...known,
    asOf: new Date().toISOString(),
    createdAt: Number.isNaN(Date.parse(createdAt)) ? null : new Date(createdAt).toISOString(),
    /** Null where it never expires, which no session of ours does. */
    expiresAt: expiresAt > 0 ? new Date(expiresAt).toISOString() : null,
    data: json === undefined ? data : JSON.stringify(json, null, 2),
    dataIsJson: json !== undefined,
    turns: turns.map((text) => {
      const { data: turn } = turnSchema.safeParse(parsed(text))
      return turn ? { ...turn, foreign: false as const } : { content: text.slice(0, 2_000), foreign: true as const }
    }),
  }
}
export type PeekedSession = Awaited<ReturnType<typeof peekSession>>

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined // Shown as text, and said to be none.
  }
}
