import type { PGlite } from '@electric-sql/pglite'

import { readyStatus, startup } from './wire'

/** The one backend session behind the front. Turns are taken in the order in which they were asked for. */
export class Backend {
  private last: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly pg: PGlite,
    /** What every client is told after its StartupMessage: authentication, parameters, key, ready. */
    readonly greeting: Buffer,
  ) {}

  static async over(pg: PGlite): Promise<Backend> {
    return new Backend(pg, await exchange(pg, startup({ user: 'postgres', database: 'postgres' })))
  }

  /** Whoever holds the turn is alone with the backend. The next one waits until the sockets have had the event loop. */
  exclusively<T>(turn: () => Promise<T>): Promise<T> {
    const mine = this.last.then(turn)
    const done = () => new Promise(setImmediate)
    this.last = mine.then(done, done)
    return mine
  }

  /** Sends messages; resolves to the whole reply and to the status in the ReadyForQuery that ends it, if one does. */
  async exchange(messages: Buffer): Promise<{ reply: Buffer; status: string | null }> {
    const reply = await exchange(this.pg, messages)
    return { reply, status: readyStatus(reply) }
  }
}

async function exchange(pg: PGlite, messages: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = []
  // Both of our filesystems write through: nothing to sync. A chunk is a view into WASM memory, hence the copy.
  await pg.execProtocolRawStream(messages, { syncToFs: false, onRawData: (chunk) => chunks.push(Buffer.from(chunk)) })
  const [only] = chunks
  return only && chunks.length === 1 ? only : Buffer.concat(chunks)
}
