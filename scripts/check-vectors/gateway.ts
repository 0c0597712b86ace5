import { setTimeout as sleep } from 'node:timers/promises'

const LONGEST_MS = 60_000
const PAUSE_MS = 200
const PATIENCE_MS = 3 * 60_000

export type Reply = { status: number; retryAfter: string | null; text: string }
export type Asked = { method?: string; path: string; body?: unknown; lines?: string }

/** A client of one gateway. */
export function gatewayAt(url: string, key: string) {
  /** Null where there was no answer. */
  const ask = async ({ method = 'POST', path, body, lines }: Asked): Promise<Reply | null> => {
    const type = lines === undefined ? 'application/json' : 'application/x-ndjson'
    const sent = lines ?? (body === undefined ? undefined : JSON.stringify(body))
    const reply = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(sent !== undefined && { 'content-type': type }) },
      body: sent,
      signal: AbortSignal.timeout(LONGEST_MS),
    }).catch(() => null)
    const text = await reply?.text().catch(() => null)
    return reply && text != null ? { status: reply.status, retryAfter: reply.headers.get('retry-after'), text } : null
  }
  /** Asks until it is answered with one of these; no answer, 503, and what is in `again` are asked again, as an application would. */
  const insist = async (asked: Asked, good: number[] = [200], again: number[] = []): Promise<Reply> => {
    for (const giveUpAt = performance.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
      const reply = await ask(asked)
      if (reply && good.includes(reply.status)) return reply
      const told = `${asked.method ?? 'POST'} ${asked.path} answered ${reply ? `${reply.status} ${reply.text.slice(0, 300)}` : 'nothing'}`
      if (reply && ![503, ...again].includes(reply.status)) throw new Error(told)
      if (performance.now() > giveUpAt) throw new Error(`${told} for ${PATIENCE_MS / 1_000} s`)
    }
  }
  return { ask, insist }
}
export type Gateway = ReturnType<typeof gatewayAt>
