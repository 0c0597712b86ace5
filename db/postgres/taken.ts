/** Whether a statement failed because a row of that key is there already. */
export const isTaken = (error: unknown) =>
  error instanceof Error && (error.cause as { code?: unknown } | undefined)?.code === '23505'
