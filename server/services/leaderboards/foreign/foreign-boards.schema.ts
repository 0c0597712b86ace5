import { z } from 'zod'
import { connectionId, KeyRef } from '@/server/services/redis-keys/redis-keys.schema'
import { text } from '@/server/services/text.schema'

export const PLACES = 50
const MOST_MEMBER_BYTES = 4_096

/** Sorted sets that other software keeps: a family that was declared, in one Redis. */
export const ListForeignBoards = z.strictObject({
  connection: connectionId,
  family: text(100),
  cursor: z.string().max(1_000).nullable().default(null),
  /** What TanStack's pages send along. */
  direction: z.enum(['forward', 'backward']).optional(),
})
export type ListForeignBoards = z.output<typeof ListForeignBoards>

export const ForeignBoardPage = KeyRef.extend({
  /** From 0: pages of 50 places. */
  page: z.int().min(0).max(100_000_000),
  lowest: z.boolean().describe('Whether the lowest score comes first'),
  /** Whose surroundings are shown, base64url: a member is bytes. */
  member: KeyRef.shape.key.max(Math.ceil((MOST_MEMBER_BYTES * 4) / 3)).nullable(),
})
export type ForeignBoardPage = z.output<typeof ForeignBoardPage>
