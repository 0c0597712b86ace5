/** A whole number of the command line. */
export function whole(name: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least) throw new Error(`--${name} must be a whole number from ${least} on`)
  return value
}

/** The shell commands that kill -9 the postmaster and start it again. */
export type Postmaster = { kill: string; start: string }
export const postmasterOptions = {
  'kill-postgres': { type: 'string' },
  'start-postgres': { type: 'string' },
} as const

/** Null where the postmaster is to be left alone. */
export function postmasterOf(values: Partial<Record<keyof typeof postmasterOptions, string>>): Postmaster | null {
  const { 'kill-postgres': kill, 'start-postgres': start } = values
  if (kill !== undefined && start !== undefined) return { kill, start }
  if (kill === undefined && start === undefined) return null
  throw new Error('--kill-postgres and --start-postgres go together: the commands that do it')
}
