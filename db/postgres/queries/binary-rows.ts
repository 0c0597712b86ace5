import { endianness } from 'node:os'

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const END = Buffer.from([0xff, 0xff])
const LITTLE_ENDIAN = endianness() === 'LE'
/** 2000-01-01 in milliseconds since 1970: where Postgres' own timestamps begin. */
const EPOCH_MS = 946_684_800_000

/** Rows as binary COPY reads them (protocol: "Binary Format" of COPY), in one buffer that grows. */
export class BinaryRows {
  private buffer = Buffer.allocUnsafe(64 * 1024)
  private at = SIGNATURE.copy(this.buffer)
  rows = 0

  get bytes(): number {
    return this.at
  }

  /** Begins a row of so many fields, which the caller then adds in their order. */
  row(fields: number): this {
    this.room(2)
    this.at = this.buffer.writeInt16BE(fields, this.at)
    this.rows++
    return this
  }

  integer(value: number): this {
    this.field(4)
    this.at = this.buffer.writeInt32BE(value, this.at)
    return this
  }

  text(value: string | null): this {
    if (value === null) return this.missing()
    const length = Buffer.byteLength(value)
    this.field(length)
    this.at += this.buffer.write(value, this.at)
    return this
  }

  /** As jsonb: version 1 of its form, then the text. */
  json(value: object): this {
    const text = JSON.stringify(value)
    this.field(1 + Buffer.byteLength(text))
    this.at = this.buffer.writeUInt8(1, this.at)
    this.at += this.buffer.write(text, this.at)
    return this
  }

  instant(value: Date | null): this {
    if (value === null) return this.missing()
    this.field(8)
    this.at = this.buffer.writeBigInt64BE(BigInt(value.getTime() - EPOCH_MS) * 1_000n, this.at)
    return this
  }

  /** As pgvector has it (vector_recv): dimensions, 0, and single-precision numbers. */
  vector(values: readonly number[]): this {
    this.field(4 + 4 * values.length)
    this.at = this.buffer.writeInt16BE(values.length, this.at)
    this.at = this.buffer.writeInt16BE(0, this.at)
    const bytes = Buffer.from(new Float32Array(values).buffer)
    this.at += (LITTLE_ENDIAN ? bytes.swap32() : bytes).copy(this.buffer, this.at)
    return this
  }

  /** All rows so far; the next ones begin anew. */
  take(): Buffer {
    this.room(END.length)
    const taken = this.buffer.subarray(0, this.at + END.copy(this.buffer, this.at))
    this.buffer = Buffer.allocUnsafe(this.buffer.length)
    this.at = SIGNATURE.copy(this.buffer)
    this.rows = 0
    return taken
  }

  private missing(): this {
    this.room(4)
    this.at = this.buffer.writeInt32BE(-1, this.at)
    return this
  }

  private field(length: number) {
    this.room(4 + length)
    this.at = this.buffer.writeInt32BE(length, this.at)
  }

  private room(bytes: number) {
    if (this.at + bytes <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.at + bytes))
    this.buffer.copy(grown, 0, 0, this.at)
    this.buffer = grown
  }
}
