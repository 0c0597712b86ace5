/** Cuts a byte stream into Postgres messages; a large message is joined once, when its last byte has come. */
export class FrameReader {
  private chunks: Buffer[] = []
  private bytes = 0

  constructor(private readonly maxBytes: number) {}

  push(chunk: Buffer) {
    this.chunks.push(chunk)
    this.bytes += chunk.length
  }

  /** The next whole message, or null until more bytes come. A StartupMessage is untyped: its length comes first. */
  next(kind: 'typed' | 'untyped' = 'typed'): Buffer | null {
    const lengthAt = kind === 'typed' ? 1 : 0
    if (this.bytes < lengthAt + 4) return null
    const length = this.head(lengthAt + 4).readInt32BE(lengthAt)
    if (length < 4 || length > this.maxBytes) throw new RangeError(`a message of ${length} bytes`)
    const total = lengthAt + length
    if (this.bytes < total) return null
    const joined = this.head(total)
    this.chunks[0] = joined.subarray(total)
    this.bytes -= total
    if (this.chunks[0].length === 0) this.chunks.shift()
    return joined.subarray(0, total)
  }

  /** The first chunk, made to hold at least so many bytes. */
  private head(bytes: number): Buffer {
    const [first = Buffer.alloc(0)] = this.chunks
    if (first.length >= bytes) return first
    const joined = Buffer.concat(this.chunks)
    this.chunks = [joined]
    return joined
  }
}
