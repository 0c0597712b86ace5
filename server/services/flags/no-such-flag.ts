import { AppError } from '@/server/errors'

export const noSuchFlag = (name: string) => new AppError('not_found', `There is no flag ${name}.`, { field: 'name' })
