import type { Stores } from '@/server/services/context'
import { advanceMoves } from '@/server/services/kv/advance-moves'

/** Takes namespaces that move from one store to another a step on. */
export const moveKv = (stores: Stores) => advanceMoves(stores)
