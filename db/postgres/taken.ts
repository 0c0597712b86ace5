/** Whether a statement failed because a row of that key is there already. */
export const isTaken = (error: unknown) =>
  error instanceof Error &&
  [error, error.cause].some((one) => (one as { code?: unknown } | undefined)?.code === '23505')
