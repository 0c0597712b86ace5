import type { KeyRef } from '@/server/services/redis-keys/redis-keys.schema'
import { fitsAddress } from './keys-params'

/** A name too long for an address is asked for by POST. */
export const askedBy = ({ key }: KeyRef) => ({ trpc: { context: { byPost: !fitsAddress(key) } } })
