import { AppError } from '@/server/errors'

export const noSuchBoard = (name: string) =>
  new AppError('not_found', `There is no leaderboard ${name}.`, { field: 'board' })

export const boardIsClosed = (name: string) =>
  new AppError('conflict', `The leaderboard ${name} is closed.`, { field: 'board' })

/** R6's rule, for scores. */
export const otherPayload = () =>
  new AppError('conflict', 'An event with this id was counted with another member or delta.', { field: 'id' })

export const notExact = () =>
  new AppError('bad_request', 'delta: the score would be one that a double cannot carry exactly.', { field: 'delta' })
