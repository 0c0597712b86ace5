import { isAscii, isUtf8 } from 'node:buffer'
import { AppError } from '@/server/errors'

const NEWLINE = 0x0a
/** The largest item with every character of its content escaped. */
const MAX_LINE_BYTES = 2 * 1024 * 1024

export type Line = { number: number; value: unknown }

/** The JSON values of lines, numbered as editors do, from 1; blank lines are none. @throws AppError `bad_request` that names the line. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let rest: Buffer[] = []
  let waiting = 0
  let number = 0
  const take = (last: Buffer) => {
    const line = rest.length === 0 ? last : Buffer.concat([...rest, last])
    rest = []
    waiting = 0
    return valueOf(line, ++number)
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      const value = take(chunk.subarray(from, at))
      from = at + 1
      if (value !== undefined) yield { number, value }
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
    waiting += chunk.length - from
    if (waiting > MAX_LINE_BYTES) throw wrong(number + 1, `is longer than ${MAX_LINE_BYTES / 1024 / 1024} MB`)
  }
  const value = take(Buffer.alloc(0))
  if (value !== undefined) yield { number, value }
}

function valueOf(line: Buffer, number: number): unknown {
  if (!isUtf8(line)) throw wrong(number, 'is not UTF-8')
  // Most lines are numbers: ASCII is read faster than what may be more.
  const text = line.toString(isAscii(line) ? 'latin1' : 'utf8').trim()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw wrong(number, `is not JSON: ${(cause as Error).message.slice(0, 200)}`)
  }
}

function wrong(number: number, message: string) {
  const field = `lines.${number}`
  return new AppError('bad_request', `${field}: ${message}`, { field })
}
