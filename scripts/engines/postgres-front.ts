import { createServer, type AddressInfo, type Socket } from 'node:net'

import type { Backend } from './postgres-backend'
import { PostgresSession } from './postgres-session'

export interface FrontOptions {
  host: string
  /** 0 lets the system choose. */
  port: number
  /** How long a client may hold a transaction open without a word before it is rolled back and cut off. */
  idleInTransactionMs?: number
  /** Called when the backend itself failed: nothing can be answered any more. */
  onFailure: (error: unknown) => void
}

/** A TCP server that lets any number of clients share one backend session. */
export async function startFront(
  backend: Backend,
  { host, port, idleInTransactionMs = 30_000, onFailure }: FrontOptions,
): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Map<Socket, Promise<void>>()
  const server = createServer((socket) => {
    const served = new PostgresSession(socket, backend, idleInTransactionMs)
      .serve()
      .catch(onFailure)
      .finally(() => open.delete(socket))
    open.set(socket, served)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close()
      for (const socket of open.keys()) socket.destroy()
      await Promise.all(open.values())
    },
  }
}
