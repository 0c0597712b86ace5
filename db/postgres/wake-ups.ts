import postgres from 'postgres'

type Options = { url: string; channel: string; applicationName: string }

/**
 * Hears NOTIFY on a connection of its own, which comes back by itself. A hint that work waits and nothing to rely on: it is
 * lost with the connection, and through PgBouncer or the embedded Postgres it never arrives. Returns what ends it.
 */
export function listenForWakeUps({ url, channel, applicationName }: Options, wake: () => void) {
  const client = postgres(url, {
    connect_timeout: 2,
    backoff: () => 0.25,
    fetch_types: false,
    connection: { application_name: applicationName },
    onnotice: () => {},
  })
  // A first attempt that fails is repeated like any later one; that Postgres is away is said where it matters.
  client.listen(channel, wake).catch(() => {})
  return () => client.end({ timeout: 1 })
}
