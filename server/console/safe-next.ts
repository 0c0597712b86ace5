const HERE = 'http://here'

/** Where to go after signing in: a path of this console, or its first page for anything else. */
export function safeNext(wanted: unknown): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/')) return '/'
  try {
    const url = new URL(wanted, HERE)
    return url.origin === HERE && !url.pathname.startsWith('/api/') ? url.pathname + url.search + url.hash : '/'
  } catch {
    return '/'
  }
}
