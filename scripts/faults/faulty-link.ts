import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * A TCP link to a store that tests can make slow, freeze and cut: what a bad network, a stopped process and a dead one
 * look like from here. Only loopback.
 */
export async function faultyLink(target: string) {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let delayMs = 0
  let frozen = false
  let refusing = false
  let waiting: (() => void)[] = []

  const pass = (from: Socket, to: Socket) => {
    from.on('data', (bytes) => {
      const forward = () => {
        if (frozen) waiting.push(forward)
        else if (!to.destroyed) to.write(bytes)
      }
      if (delayMs > 0) setTimeout(forward, delayMs)
      else forward()
    })
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }

  const server = createServer((near) => {
    if (refusing) return void near.destroy()
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) sockets.add(socket.setNoDelay(true))
    pass(near, far)
    pass(far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  const thaw = () => {
    frozen = false
    const held = waiting
    waiting = []
    for (const forward of held) forward()
  }
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.toString(),
    /** Each direction takes that much longer from now on. */
    delay: (ms: number) => (delayMs = ms),
    /** Nothing arrives any more, nothing is refused either. */
    freeze: () => (frozen = true),
    thaw,
    /** Connections break, and new ones are refused. */
    cut: () => {
      refusing = true
      cutAll()
    },
    mend: () => (refusing = false),
    close: () => {
      cutAll()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
