/** Everything that can be expected to go wrong, as one closed union; each transport maps it once. */
export type ErrorCode =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported_media_type'
  | 'too_many_requests'
  | 'unavailable'

/** An error whose message is written for the person who reads it; `field` names the input that is wrong (R13). */
export class AppError extends Error {
  override name = 'AppError'
  readonly field: string | undefined
  constructor(
    readonly code: ErrorCode,
    message: string,
    { field, cause }: { field?: string; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.field = field
  }
}
