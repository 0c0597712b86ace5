import { AppError } from '@/server/errors'

export const noSuchBudget = () => new AppError('not_found', 'There is no such budget.', { field: 'id' })
