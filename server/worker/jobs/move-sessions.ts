import type { Stores } from '@/server/services/context'
import { advanceSessionMoves } from '@/server/services/sessions/advance-moves'

/** Takes the namespace whose sessions move from one store to the other a step on. */
export const moveSessions = (stores: Stores) => advanceSessionMoves(stores)
