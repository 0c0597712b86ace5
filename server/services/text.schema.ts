import { z } from 'zod'

const NUL = String.fromCharCode(0)

/** Text that both stores can hold: no NUL (Postgres refuses it), no lone surrogate (it has no UTF-8). */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !value.includes(NUL), 'must not contain NUL')
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')

export const TENANT_SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/
export const tenantSlug = z
  .string()
  .regex(TENANT_SLUG, 'must be 1 to 63 of a-z, 0-9 and -, starting with a letter or digit')

/** Whether both stores can hold this text. */
export const isStorable = (value: string) => !value.includes(NUL) && value.isWellFormed()
