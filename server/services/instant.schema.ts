import { z } from 'zod'

/** An ISO instant with its offset, as a Date; kept to the millisecond. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 instant with its offset, as 2026-01-31T12:00:00Z' })
  .transform((value) => new Date(value))
  .refine((at) => at.getUTCFullYear() >= 2000 && at.getUTCFullYear() < 2100, 'must lie between 2000 and 2100')
