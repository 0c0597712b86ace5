import { AppError } from '@/server/errors'

/** @throws AppError `conflict` when `id` is the last admin who can sign in: nobody could make another. */
export function keepAnAdmin(admins: string[], id: string): void {
  if (admins.length === 1 && admins[0] === id)
    throw new AppError('conflict', 'This is the last admin. Make somebody else an admin first.', { field: 'id' })
}
