const MAX_TEXT = 2_000

/** One JSON line on stderr, for what nobody expected. Never put what callers sent into `fields`. */
export function logError(event: string, error: unknown, fields: Record<string, unknown> = {}): void {
  const line = { at: new Date().toISOString(), level: 'error', event, ...fields, ...describe(error) }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}

/** One JSON line on stdout, for what a process did of its own accord. */
export function logInfo(event: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level: 'info', event, ...fields })}\n`)
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error).slice(0, MAX_TEXT) }
  // A failed query repeats its parameters, which are callers' data; its cause says what Postgres minded.
  const cause = 'params' in error && error.cause instanceof Error ? error.cause : error
  return { error: `${cause.name}: ${cause.message}`.slice(0, MAX_TEXT), stack: cause.stack?.slice(0, MAX_TEXT) }
}
