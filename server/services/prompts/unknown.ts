import { AppError } from '@/server/errors'

export const unknownPrompt = (name: string, field = 'name') =>
  new AppError('not_found', `There is no prompt named ${name}.`, { field })

export const unknownVersion = (name: string, version: number, field = 'version') =>
  new AppError('not_found', `${name} has no version ${version}.`, { field })

export const nothingActive = (name: string, channel: string) =>
  new AppError('not_found', `No version of ${name} is active on the channel ${channel}.`, { field: 'channel' })
