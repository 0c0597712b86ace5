import { AppError } from '@/server/errors'

export const unknownWebhook = () => new AppError('not_found', 'There is no such webhook.', { field: 'id' })
