import { AppError } from '@/server/errors'

/** Also for sessions of tenants that the caller may not act for: whether those exist is not told. */
export const noSession = () =>
  new AppError('not_found', 'There is no such session, or it has expired.', { field: 'id' })
