import { AppError } from '@/server/errors'

export const noSuchEntry = (what: 'override' | 'alias', field = 'id') =>
  new AppError('not_found', `There is no such ${what}, or it has ended already.`, { field })
