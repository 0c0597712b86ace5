import { AppError } from '@/server/errors'

export const noSuchCorrection = () =>
  new AppError('not_found', 'There is no such correction; previews are forgotten after a day.', { field: 'id' })
