const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Where browsers may call the console from: its own address and, on one machine, that machine's other names. */
export function trustedOrigins(consoleUrl: string): string[] {
  const { protocol, hostname, port, origin } = new URL(consoleUrl)
  if (!loopback.includes(hostname)) return [origin]
  return loopback.map((name) => `${protocol}//${name}${port && `:${port}`}`)
}

/** Whether a request that changes something comes from the console's own pages (no other site can make it so). */
export function isFromOurPages(headers: Headers, consoleUrl: string): boolean {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  return origin !== null && trustedOrigins(consoleUrl).includes(origin)
}
