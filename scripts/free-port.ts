import { createServer } from 'node:net'

/** A TCP port on loopback that nothing listens on at the moment. */
export const freePort = () => probe(0)

/** One that outgoing connections do not take either: it is still free when whoever listened on it was killed. */
export async function lastingPort(): Promise<number> {
  const [first, last] = [10_000, 30_000]
  for (;;) {
    const port = first + Math.floor(Math.random() * (last - first))
    if (await probe(port).catch(() => null)) return port
  }
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port'))))
    })
  })
}
