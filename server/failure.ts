import { z } from 'zod'
import { PostgresDeadlineError } from '@/db/postgres/deadline'
import { AppError } from './errors'

/**
 * An error as its caller may see it: expected ones as they are, bad input with its field (R13), a store that does not
 * answer as `unavailable` (R5). Null for anything unknown, whose text must stay hidden.
 */
export function expected(error: unknown): AppError | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof AppError) return cause
    if (cause instanceof z.ZodError) return badInput(cause)
    if (cause instanceof PostgresDeadlineError || (isCoded(cause) && POSTGRES_GONE.test(cause.code)))
      return new AppError('unavailable', POSTGRES_SILENT, { cause })
  }
  return null
}

/** A commit that got no answer may have been made all the same. */
const POSTGRES_SILENT =
  'Postgres does not answer right now. Try again; if this was a change, look first whether it was made after all.'

/** What postgres.js, the socket below it, a server that stops or is full, and one that was told to cancel (see ADR 61) say. */
const POSTGRES_GONE =
  /^(CONNECTION_.*|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|57014|57P0[1-5]|53300|08...)$/
const isCoded = (error: Error): error is Error & { code: string } => 'code' in error && typeof error.code === 'string'

const MAX_FIELD_LENGTH = 200

/** `whole` names the input where it is wrong as a whole rather than in one of its fields. */
export function badInput(error: z.ZodError, whole?: string): AppError {
  const issue = error.issues[0]
  if (issue === undefined) return new AppError('bad_request', 'Bad input.')
  const { path, message } = plain(issue)
  const field = path.length > 0 ? path.map(String).join('.').slice(0, MAX_FIELD_LENGTH) : whole
  return new AppError('bad_request', field === undefined ? message : `${field}: ${message}`, { field })
}

function plain(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string } {
  if (issue.code === 'unrecognized_keys')
    return { path: [...issue.path, issue.keys[0] ?? ''], message: 'is not a field of this call' }
  if (issue.code === 'invalid_union') {
    const nested = issue.errors.flatMap((branch) => branch.slice(0, 1)).map(plain)
    const deepest = nested.sort((a, b) => b.path.length - a.path.length)[0]
    if (deepest && deepest.path.length > 0) return { ...deepest, path: [...issue.path, ...deepest.path] }
  }
  return issue
}
