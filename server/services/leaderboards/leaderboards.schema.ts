import { z } from 'zod'
import { tenantSlug, text } from '@/server/services/text.schema'

export const modes = ['durable', 'live'] as const
/** Names longer than that fit on no screen; members may be people's names, ids or addresses. */
export const boardName = z.string().min(1, 'must be given').pipe(text(200))
export const memberName = text(256)

const MOST_WITH_PLACES = 1e12

/** R13: what a double cannot carry exactly is refused. */
export const delta = z
  .number('must be a number')
  .refine((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER, 'must be at most 2^53 - 1 in size')
  .refine(
    (value) =>
      Number.isInteger(value) || (Math.abs(value) < MOST_WITH_PLACES && Math.round(value * 1000) / 1000 === value),
    'must have at most three decimal places, and none from 10^12 on',
  )

export const AddScore = z.strictObject({
  id: text(200).describe('Of the event: sent again it counts once'),
  member: memberName,
  delta: delta.describe('Added to the score; at most three decimal places'),
  tenant: tenantSlug.optional().describe('Whose board; without it the board of that name for all tenants'),
})
export type AddScore = z.output<typeof AddScore>

const whole = (least: number, most: number) =>
  z.coerce
    .number()
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)

export const ReadRanking = z.strictObject({
  top: whole(1, 500).default(10),
  tenant: tenantSlug.optional(),
})
export const ReadMember = z.strictObject({
  around: whole(0, 50).default(2).describe('How many to show before and after'),
  tenant: tenantSlug.optional(),
})

const ranked = z.strictObject({
  rank: z.int().describe('From 1; ties by member, last byte value first'),
  member: z.string(),
  score: z.number(),
})
const source = z.enum(['redis', 'postgres']).describe('Who answered: the live ranking, or the ledger')

export const Added = z.strictObject({
  board: z.string(),
  member: z.string(),
  score: z.number().describe('After this event; what arrived meanwhile included'),
  duplicate: z.boolean().describe('True when the event had been counted before'),
})
export type Added = z.output<typeof Added>
export const Ranking = z.strictObject({ board: z.string(), members: z.int(), ranking: z.array(ranked), source })
export type Ranking = z.output<typeof Ranking>
export const Place = z.strictObject({
  board: z.string(),
  member: z.string(),
  rank: z.int(),
  score: z.number(),
  members: z.int(),
  neighbours: z.array(ranked).describe('The member itself among those before and after'),
  source,
})
export type Place = z.output<typeof Place>

const board = { name: boardName, tenant: tenantSlug.nullable() }
export const BoardInput = z.strictObject(board)
export type BoardInput = z.output<typeof BoardInput>
export const CreateBoard = z.strictObject({ ...board, mode: z.enum(modes) })
export type CreateBoard = z.output<typeof CreateBoard>
export const SetBoardMode = CreateBoard
export const ListBoards = z.strictObject({ tenant: tenantSlug.nullable() })
export const BoardPage = z.strictObject({ ...board, top: z.int().min(1).max(200), member: memberName.nullable() })
export type BoardPage = z.output<typeof BoardPage>
export const Reconcile = z.strictObject({ ...board, checkId: z.int().positive() })
export type Reconcile = z.output<typeof Reconcile>
