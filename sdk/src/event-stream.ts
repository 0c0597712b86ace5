export type StreamEvent = { event: string; data: string }

/** No event of ours is longer: a line without end must not fill the memory. */
const MOST_CHARACTERS = 1_000_000

/** Reads server-sent events from chunks of text as they come. @throws Error for what cannot be such a stream. */
export function eventStreamReader(hear: (event: StreamEvent) => void) {
  let rest = ''
  let event = ''
  let data: string[] = []

  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) hear({ event: event || 'message', data: data.join('\n') })
      event = ''
      data = []
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return // a comment
    const field = colon === -1 ? text : text.slice(0, colon)
    const value = colon === -1 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') event = value
    else if (field === 'data') data.push(value)
  }

  return (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MOST_CHARACTERS) throw new Error('The stream holds a line that does not end')
    for (const text of lines) line(text.endsWith('\r') ? text.slice(0, -1) : text)
  }
}
