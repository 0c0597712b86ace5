import { z } from 'zod'
import type { Key } from '@/db/postgres/queries/keys'
import { tenantFor } from '@/server/gateway/key'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import {
  Added,
  AddScore,
  boardName,
  memberName,
  Place,
  Ranking,
  ReadMember,
  ReadRanking,
} from '@/server/services/leaderboards/leaderboards.schema'
import { readPlace, readRanking } from '@/server/services/leaderboards/read-ranking'

const params = z.strictObject({ board: boardName })
const example = { board: 'weekly' }
const absent = 'There is no such board (its first score makes it), or the member has no score on it.'

export const leaderboardRoutes = ({ scores, stores }: Pick<Services, 'scores' | 'stores'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/leaderboards/:board/scores',
    scope: 'app',
    summary: 'Add to the score of a member',
    description:
      'An event counts once, however often it is sent: repeat it until it is answered. The first score makes a board that there is none of, as a durable one: the ledger in Postgres takes the event before it is answered. A live board is ranked first and written to the ledger within a second; boards are made live, and closed, in the console. Scores are exact: whole numbers up to 2^53 - 1, and three decimal places below 10^12.',
    params,
    body: AddScore,
    example: { params: example, body: { id: 'game-4711', member: 'ann', delta: 25 } },
    replies: {
      200: {
        when: 'it counts, or had been counted',
        schema: Added,
        example: { board: 'weekly', member: 'ann', score: 25, duplicate: false },
      },
    },
    errors: { conflict: 'The id was counted with another member or delta, or the board is closed.' },
    handle: ({ params: { board }, body, key }) => {
      const tenant = boardOf(key, board, body.tenant).tenant ?? undefined
      return scores.add(board, { ...body, tenant }, { name: key.name, simulated: key.simulated })
    },
  }),
  route({
    method: 'GET',
    path: '/v1/leaderboards/:board',
    scope: 'app',
    summary: 'Who leads a board',
    description:
      'From Redis; from the ledger while Redis does not answer or has lost the ranking, and "source" says so.',
    params,
    query: ReadRanking,
    example: { params: example, query: { top: '3' } },
    replies: {
      200: {
        when: 'there is such a board',
        schema: Ranking,
        example: {
          board: 'weekly',
          members: 2,
          ranking: [
            { rank: 1, member: 'ann', score: 25 },
            { rank: 2, member: 'bob', score: 20.5 },
          ],
          source: 'redis',
        },
      },
    },
    errors: { not_found: absent },
    handle: ({ params: { board }, query: { top, tenant }, key }) =>
      readRanking(stores, scores.directory, { ...boardOf(key, board, tenant), top }),
  }),
  route({
    method: 'GET',
    path: '/v1/leaderboards/:board/members/:member',
    scope: 'app',
    summary: 'Where a member stands, and among whom',
    params: params.extend({ member: memberName }),
    query: ReadMember,
    example: { params: { ...example, member: 'ann' }, query: { around: '1' } },
    replies: {
      200: {
        when: 'the member has a score',
        schema: Place,
        example: {
          board: 'weekly',
          member: 'ann',
          rank: 1,
          score: 25,
          members: 2,
          neighbours: [
            { rank: 1, member: 'ann', score: 25 },
            { rank: 2, member: 'bob', score: 20.5 },
          ],
          source: 'redis',
        },
      },
    },
    errors: { not_found: absent },
    handle: ({ params: { board, member }, query: { around, tenant }, key }) =>
      readPlace(stores, scores.directory, { ...boardOf(key, board, tenant), member, around }),
  }),
]

/** R11: a board of all tenants is for keys of all tenants; a key of one tenant means that one's. */
const boardOf = (key: Key, name: string, tenant: string | undefined) => ({
  name,
  tenant: tenantFor(key, tenant) || null,
})
