/**
 * `unavailable`: the gateway did not answer, or only with 5xx or 429, and there was no copy to serve instead.
 * `template`: a variable is missing, or prompts include each other in a circle or too deep.
 * The others are the gateway's own.
 */
export type EngramErrorCode =
  'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'too_large' | 'unavailable' | 'template'

export class EngramError extends Error {
  override readonly name = 'EngramError'
  readonly code: EngramErrorCode
  /** The part of the call that is wrong, where one is: `name`, `channel`, `subject`, a variable's name. */
  readonly field: string | null

  constructor(
    code: EngramErrorCode,
    message: string,
    { field = null, cause }: { field?: string | null; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.field = field
  }
}

export const isUnavailable = (error: unknown) => error instanceof EngramError && error.code === 'unavailable'
