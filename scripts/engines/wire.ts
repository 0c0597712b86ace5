/**
 * The few words of the Postgres wire protocol (version 3) that the front has to say or to understand itself.
 * Everything else passes through it unread. https://www.postgresql.org/docs/18/protocol-message-formats.html
 */

export const SSL_REQUEST = 80877103
export const GSSENC_REQUEST = 80877104
export const CANCEL_REQUEST = 80877102
export const PROTOCOL_3_0 = 196608

/** One typed message: a letter, the length of the rest (itself included), the body. */
export function message(type: string, ...body: Buffer[]): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(4 + body.reduce((bytes, part) => bytes + part.length, 0), 1)
  return Buffer.concat([head, ...body])
}

export const text = (value: string) => Buffer.from(`${value}\0`)
export const typeOf = (frame: Buffer) => String.fromCharCode(frame[0] ?? 0)

export const sync = message('S')
export const query = (sql: string) => message('Q', text(sql))
export const closeStatement = (name: string) => message('C', Buffer.from('S'), text(name))
export const copyFail = message('f', text('COPY FROM STDIN is taken only as a simple query of its own'))

/** The answer to COPY ... FROM STDIN: text format. Drivers ignore the column count. */
export const copyInResponse = message('G', Buffer.from([0, 0, 0]))

export function fatal(code: string, reason: string): Buffer {
  const fields = [`SFATAL`, `VFATAL`, `C${code}`, `M${reason}`]
  return message('E', ...fields.map(text), Buffer.from([0]))
}

/** A StartupMessage has no type letter. */
export function startup(parameters: Record<string, string>): Buffer {
  const head = Buffer.alloc(8)
  const body = Object.entries(parameters).flatMap(([name, value]) => [text(name), text(value)])
  const frame = Buffer.concat([head, ...body, Buffer.from([0])])
  frame.writeInt32BE(frame.length, 0)
  frame.writeInt32BE(PROTOCOL_3_0, 4)
  return frame
}

/** Messages after which the backend answers: Query, Sync, Flush, FunctionCall. */
export const asksForAnswer = (frame: Buffer) => 'QSHF'.includes(typeOf(frame))
export const isSyncOrFlush = (frame: Buffer) => 'SH'.includes(typeOf(frame))

/** The status in the ReadyForQuery that ends a reply: I idle, T in a transaction, E in a failed one; null without one. */
export function readyStatus(reply: Buffer): string | null {
  const tail = reply.subarray(-6)
  return tail.length === 6 && tail.readInt32BE(1) === 5 && typeOf(tail) === 'Z'
    ? String.fromCharCode(tail[5] ?? 0)
    : null
}

/** The reply without its messages of one type. */
export function without(type: string, reply: Buffer): Buffer {
  const kept: Buffer[] = []
  for (let start = 0; start + 5 <= reply.length;) {
    const end = start + 1 + reply.readInt32BE(start + 1)
    const frame = reply.subarray(start, end)
    if (typeOf(frame) !== type) kept.push(frame)
    start = end
  }
  return Buffer.concat(kept)
}

function cString(frame: Buffer, from: number): string {
  return frame.toString('utf8', from, frame.indexOf(0, from))
}

/** The name in a Parse message; empty for the unnamed statement. */
export const parsedStatement = (frame: Buffer) => cString(frame, 5)

/** The name in a Close message, if it closes a statement rather than a portal. */
export const closedStatement = (frame: Buffer) => (frame[5] === 0x53 ? cString(frame, 6) : null)

const COPY_FROM_STDIN = /^\s*copy\s+(?:"[^"]+"|[\w$.])+\s*(?:\([^()]*\)\s*)?from\s+stdin\b/i

/** A simple query that is a COPY ... FROM STDIN: what psql and every driver send. */
export const isCopyFromStdin = (frame: Buffer) => typeOf(frame) === 'Q' && COPY_FROM_STDIN.test(sqlOf(frame))

/** Whether a Query or Parse message might start a COPY ... FROM STDIN in some other way. */
export const mentionsStdin = (frame: Buffer) => 'QP'.includes(typeOf(frame)) && /stdin/i.test(sqlOf(frame))

function sqlOf(frame: Buffer): string {
  const from = typeOf(frame) === 'Q' ? 5 : frame.indexOf(0, 5) + 1
  return frame.toString('latin1', from, frame.indexOf(0, from))
}
