import type { PGlite } from '@electric-sql/pglite'

import { readyStatus, startup } from './wire'

const FATAL = Buffer.from('SFATAL\0VFATAL\0')

/** The one backend session behind the front. Turns are taken in the order in which they were asked for. */
export class Backend {
  private last: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly pg: PGlite,
    private readonly die: (reason: string) => never,
    /** What every client is told after its StartupMessage: authentication, parameters, key, ready. */
    readonly greeting: Buffer,
  ) {}

  /** `die` must end the process at once: it is called from within WASM, which would never return. */
  static async over(pg: PGlite, die: (reason: string) => never): Promise<Backend> {
    return new Backend(pg, die, await exchange(pg, startup({ user: 'postgres', database: 'postgres' }), die))
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
    const reply = await exchange(this.pg, messages, this.die)
    return { reply, status: readyStatus(reply) }
  }
}

async function exchange(pg: PGlite, messages: Buffer, die: (reason: string) => never): Promise<Buffer> {
  const chunks: Buffer[] = []
  const onRawData = (chunk: Uint8Array) => {
    const bytes = Buffer.from(chunk) // a copy: the chunk is a view into WASM memory
    if (bytes.includes(FATAL)) die(bytes.toString().replaceAll('\0', ' '))
    chunks.push(bytes)
  }
  // Both of our filesystems write through, so there is nothing to sync.
  await withoutTimers(() => pg.execProtocolRawStream(messages, { syncToFs: false, onRawData }))
  const [only] = chunks
  return only && chunks.length === 1 ? only : Buffer.concat(chunks)
}

/**
 * Postgres sets timers for idle_in_transaction_session_timeout and its kind. They would go off between two messages
 * and terminate the only backend session for everyone; WASM runs within this call, so here they are never set.
 */
function withoutTimers<T>(run: () => T): T {
  const { setTimeout } = globalThis
  globalThis.setTimeout = (() => undefined) as never
  try {
    return run()
  } finally {
    globalThis.setTimeout = setTimeout
  }
}
