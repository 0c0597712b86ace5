import { TRPCError } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc'
import type { ErrorCode } from '@/server/errors'
import { expected } from '@/server/failure'

const codes = {
  bad_request: 'BAD_REQUEST',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  too_large: 'PAYLOAD_TOO_LARGE',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  too_many_requests: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>

const UNEXPECTED = 'Something went wrong here. It was written to the log of the console.'

/** Any error as tRPC shall tell it: expected ones by their code and field, unknown ones without their text. */
export function asTrpcError(error: unknown): TRPCError {
  const known = expected(error)
  if (known) return new TRPCError({ code: codes[known.code], message: known.message, cause: known })
  // tRPC's own refusals (no such procedure, broken JSON) are written for the caller already.
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') return error
  const cause = error instanceof TRPCError ? error.cause : error
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: UNEXPECTED, cause })
}
