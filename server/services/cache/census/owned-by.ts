import type { KeyFamily } from '@/db/postgres/queries/key-families'
import { AppError } from '@/server/errors'
import { isEngrams } from '@/server/services/redis-keys/key-family'
import { placer } from './family-of'

/** Whether a key belongs to a declared family: Engram's own do not, nor those that a longer pattern claims. */
export function ownedBy(declared: KeyFamily[], family: string): (key: Buffer) => boolean {
  const place = placer(declared)
  return (key) => {
    if (isEngrams(key)) return false
    const { of, name } = place(key.toString())
    return of === 'declared' && name === family
  }
}

export const noSuchFamily = (what: string) =>
  new AppError('not_found', `There is no declared family of ${what} with this name (any more).`, { field: 'family' })
