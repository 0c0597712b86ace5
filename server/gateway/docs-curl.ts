import type { Route } from './route'

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** The example of a call as a line for a shell that has GATEWAY and KEY. */
export function curlOf({ method, path, scope, body, stream, replies, example = {} }: Route): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(example.params?.[name] ?? name))
  const query = example.query ? `?${new URLSearchParams(example.query)}` : ''
  const streams = replies[200]?.contentType === 'text/event-stream'
  const parts = [`curl${streams ? ' -N' : ''}${method === 'GET' ? '' : ` -X ${method}`} "$GATEWAY${filled}${query}"`]
  if (scope !== 'none') parts.push('-H "Authorization: Bearer $KEY"')
  if (body && example.body !== undefined) {
    parts.push(`-H 'Content-Type: ${stream?.[0] ?? 'application/json'}'`)
    parts.push(`${stream ? '--data-binary' : '-d'} ${quote(JSON.stringify(example.body))}`)
  }
  return parts.join(' \\\n  ')
}
