type Event = { event: string; data: Record<string, unknown>; at: number }

/** A reader of /v1/stream as an application would write it: it keeps every event with the moment at which it came. */
export async function openStream(gateway: string, key: string, query: Record<string, string> = {}) {
  const leaving = new AbortController()
  const response = await fetch(`${gateway}/v1/stream?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: leaving.signal,
  })
  if (!response.body || response.status !== 200) throw new Error(`the stream answered ${response.status}`)
  const events: Event[] = []
  const reading = readAll(response.body, (event) => events.push(event))
  return {
    headers: response.headers,
    events,
    of: (name: string) => events.filter(({ event }) => event === name),
    /** Settles when the stream is over, whoever ended it. */
    ended: reading.then(
      () => performance.now(),
      () => performance.now(),
    ),
    leave: () => leaving.abort(),
  }
}

async function readAll(body: ReadableStream<Uint8Array>, take: (event: Event) => void) {
  let text = ''
  const [reader, decoder] = [body.getReader(), new TextDecoder()]
  for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
    const parts = (text + decoder.decode(value, { stream: true })).split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? []
      if (event && data) take({ event, data: JSON.parse(data) as Event['data'], at: performance.now() })
    }
  }
}
