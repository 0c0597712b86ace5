import { setTimeout as sleep } from 'node:timers/promises'

export type Gateway = ReturnType<typeof gatewayClient>

/** The few lines that an application needs to talk to the gateway: a key, JSON, and patience when it is told to wait. */
export function gatewayClient(url: string, key: string) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await fetch(url + path, {
          method,
          headers: {
            authorization: `Bearer ${key}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(10_000),
        })
        if (reply.status < 500 || attempt === 5) return { status: reply.status, body: (await reply.json()) as T }
        await reply.body?.cancel()
      } catch (error) {
        if (attempt === 5) throw error
      }
      await sleep(200 * 2 ** attempt)
    }
  }
  return { call }
}

export const path = (...parts: string[]) => `/${parts.map(encodeURIComponent).join('/')}`
