import { AppError } from '@/server/errors'

/** A query string as an object without prototype; a name given twice, or garbage after a %, is the caller's mistake. */
export function parseQuery(text: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null)
  if (text === '') return query
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const name = decode(at === -1 ? pair : pair.slice(0, at), 'query')
    if (name in query) throw new AppError('bad_request', `${name}: given more than once`, { field: name })
    query[name] = at === -1 ? '' : decode(pair.slice(at + 1), name)
  }
  return query
}

function decode(text: string, field: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new AppError('bad_request', `${field}: is not percent-encoded UTF-8`, { field, cause })
  }
}
