import type { Socket } from 'node:net'

import { FrameReader } from './frame-reader'
import type { Backend } from './postgres-backend'
import * as wire from './wire'

const MAX_MESSAGE_BYTES = 256 * 1024 * 1024
const READ_AHEAD_BYTES = 4 * 1024 * 1024

const ROLLBACK = wire.query('ROLLBACK')
/** Undoes whatever was begun: an open implicit transaction, a failed extended query, an explicit transaction. */
const ABANDON = Buffer.concat([ROLLBACK, wire.sync, ROLLBACK])

interface Batch {
  messages: Buffer
  /** Whether the backend may ask for COPY data: the client has been asked already, or must not be. */
  hideCopyIn: boolean
  endsInSync: boolean
}

/** One client's connection: gathers its messages, and holds the backend for whole transactions only. */
export class PostgresSession {
  private readonly reader = new FrameReader(MAX_MESSAGE_BYTES)
  private readonly statements = new Set<string>()
  private readonly frames: Buffer[] = []
  private framesBytes = 0
  private scanned = 0
  private greeted = false
  private gone = false
  private waiting = false
  private copyIn = false
  private guardCopy = false
  private wake = () => {}

  constructor(
    private readonly socket: Socket,
    private readonly backend: Backend,
    private readonly idleInTransactionMs: number,
  ) {
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.receive(chunk))
    socket.on('drain', () => this.wake())
    // A client that breaks its connection is a client that left: 'close' follows every 'error'.
    socket.on('error', () => this.leave())
    socket.on('close', () => this.leave())
  }

  /** Serves the client until it leaves, and clears away what it leaves behind in the shared backend session. */
  async serve(): Promise<void> {
    while (await this.batchReady()) await this.backend.exclusively(() => this.takeTurn())
    if (this.statements.size === 0) return
    const closes = [...this.statements].map(wire.closeStatement)
    await this.backend.exclusively(() => this.backend.exchange(Buffer.concat([...closes, wire.sync])))
  }

  /**
   * All clients share one backend session, where one client's Bind would destroy another's portal. So a client keeps
   * the backend from its first message until ReadyForQuery says idle.
   */
  private async takeTurn(): Promise<void> {
    if (this.gone) return
    while ((await this.answer(this.takeBatch())) !== 'I') {
      if (await this.batchReady(this.idleInTransactionMs)) continue
      await this.backend.exchange(ABANDON)
      return
    }
  }

  private async answer({ messages, hideCopyIn, endsInSync }: Batch): Promise<string | null> {
    const { reply, status } = await this.backend.exchange(messages)
    this.send(hideCopyIn ? wire.without('G', reply) : reply)
    // A COPY that was made to fail has swallowed the Sync; the client still waits for its ReadyForQuery.
    if (status === null && endsInSync) return this.answer({ messages: wire.sync, hideCopyIn: false, endsInSync: false })
    return status
  }

  /** Waits for a whole batch, and until the client has read its last reply. False: it left, or kept others waiting. */
  private async batchReady(withinMs?: number): Promise<boolean> {
    for (;;) {
      const ready = !this.socket.writableNeedDrain && this.scan()
      if (this.gone) return false
      if (ready) return true
      if (await this.woken(withinMs)) continue
      this.cut('25P03', `idle in a transaction for ${withinMs} ms while others waited for the only backend session`)
      return false
    }
  }

  private async woken(withinMs: number | undefined): Promise<boolean> {
    this.waiting = true
    this.socket.resume()
    let timer: NodeJS.Timeout | undefined
    const inTime = await new Promise<boolean>((resolve) => {
      this.wake = () => resolve(true)
      if (withinMs !== undefined) timer = setTimeout(() => resolve(false), withinMs)
    })
    clearTimeout(timer)
    this.waiting = false
    return inTime
  }

  private receive(chunk: Buffer) {
    this.reader.push(chunk)
    try {
      while (!this.greeted && !this.gone) {
        const packet = this.reader.next('untyped')
        if (!packet) return
        this.greet(packet)
      }
      for (let frame = this.reader.next(); frame; frame = this.reader.next()) {
        this.frames.push(frame)
        this.framesBytes += frame.length
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.cut('08P01', `invalid message: ${error.message}`)
    }
    if (!this.waiting && this.framesBytes > READ_AHEAD_BYTES) this.socket.pause()
    this.wake()
  }

  private greet(packet: Buffer) {
    const code = packet.length >= 8 ? packet.readInt32BE(4) : 0
    if (code === wire.SSL_REQUEST || code === wire.GSSENC_REQUEST) this.send(Buffer.from('N'))
    // A query cannot be cancelled: while it runs, WASM holds the event loop that would have to read the request.
    else if (code === wire.CANCEL_REQUEST) this.leave()
    else if (code >>> 16 !== wire.PROTOCOL_3_0 >>> 16) this.cut('08P01', 'only protocol version 3 is spoken here')
    else {
      this.greeted = true
      this.send(this.backend.greeting)
    }
  }

  /** Looks for the end of the next batch: the message that asks for an answer, or the end of a COPY's data. */
  private scan(): boolean {
    for (let frame = this.frames[this.scanned]; frame; frame = this.frames[this.scanned]) {
      this.scanned += 1
      const type = wire.typeOf(frame)
      if (type === 'X') {
        this.leave()
        return false
      }
      if (this.copyIn ? type === 'c' || type === 'f' : this.endsBatch(frame)) return true
    }
    return false
  }

  /**
   * PGlite reads a COPY's data within the one call that starts it and dies when there is none yet. So the front asks
   * the client for the data first, and hands query and data over together.
   */
  private endsBatch(frame: Buffer): boolean {
    if (this.scanned === 1 && wire.isCopyFromStdin(frame)) {
      this.copyIn = true
      this.send(wire.copyInResponse)
      return false
    }
    return wire.asksForAnswer(frame)
  }

  private takeBatch(): Batch {
    const frames = this.frames.splice(0, this.scanned)
    this.scanned = 0
    for (const frame of frames) {
      this.framesBytes -= frame.length
      this.trackStatement(frame)
    }
    const last = frames.at(-1)
    const endsInSync = last !== undefined && wire.typeOf(last) === 'S'
    if (this.copyIn) {
      this.copyIn = false
      const dataOnly = frames.filter((frame) => !wire.isSyncOrFlush(frame))
      return { messages: Buffer.concat(dataOnly), hideCopyIn: true, endsInSync }
    }
    // A COPY in a form that endsBatch does not know fails instead of taking the engine down.
    this.guardCopy ||= frames.some(wire.mentionsStdin)
    if (this.guardCopy) frames.push(wire.copyFail)
    return { messages: Buffer.concat(frames), hideCopyIn: this.guardCopy, endsInSync }
  }

  /** Drivers name their prepared statements anew per connection: unless closed, they would pile up in the session. */
  private trackStatement(frame: Buffer) {
    const type = wire.typeOf(frame)
    const opened = type === 'P' && wire.parsedStatement(frame)
    if (opened) this.statements.add(opened)
    const closed = type === 'C' && wire.closedStatement(frame)
    if (closed) this.statements.delete(closed)
  }

  private send(bytes: Buffer) {
    if (!this.gone) this.socket.write(bytes)
  }

  private cut(code: string, reason: string) {
    this.send(wire.fatal(code, reason))
    this.leave()
    if (this.socket.writableNeedDrain) this.socket.destroy()
  }

  private leave() {
    if (this.gone) return
    this.gone = true
    this.socket.destroySoon()
    this.wake()
  }
}
