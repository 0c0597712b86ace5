import type { VerdictItem } from '@/components/feedback/verdicts'
import { count } from '@/components/format/count'
import type { ChipTone } from '@/components/ui/chip'
import type { ListedBoard, ShownCheck } from '@/server/services/leaderboards/list-boards'

export type BoardName = { name: string; tenant: string | null }

export const boardHref = ({ name, tenant }: BoardName) =>
  `/leaderboards/${encodeURIComponent(name)}${tenant === null ? '' : `?of=${tenant}`}`

export const boardTitle = ({ name, tenant }: BoardName) => (tenant === null ? name : `${name} of ${tenant}`)

export const differs = ({ missing, extra, different }: Pick<ShownCheck, 'missing' | 'extra' | 'different'>) =>
  missing + extra + different

const parts = (check: Pick<ShownCheck, 'missing' | 'extra' | 'different'>) =>
  [
    check.missing > 0 && `${count(check.missing)} missing from Redis`,
    check.extra > 0 && `${count(check.extra)} only in Redis`,
    check.different > 0 && `${count(check.different)} with another score`,
  ].filter((part) => part !== false)

/** "2 missing from Redis, 1 with another score; 3 of the first 100 stand elsewhere, by up to 7 places". */
export function driftText(check: ShownCheck): string {
  if (differs(check) === 0) return 'agrees with its ledger'
  const places = check.farthest === 1 ? '1 place' : `${count(check.farthest)} places`
  const moved = check.displaced > 0 ? `; ${check.displaced} of its first 100 stand elsewhere` : ''
  return `${parts(check).join(', ')}${moved}${moved && check.farthest > 0 ? `, by up to ${places}` : ''}`
}

export type Standing = { tone: ChipTone; text: string; detail: string | null }

/** How a board stands in one chip. */
export function standingOf({ check, ranking, closedAt, settledAt }: ListedBoard): Standing {
  if (!ranking) return { tone: 'warn', text: 'Redis away', detail: 'read from the ledger' }
  if (!ranking.built) return { tone: 'warn', text: 'rebuilding', detail: 'Redis lost it; read from the ledger' }
  if (check && differs(check) > 0)
    return { tone: 'bad', text: `${count(differs(check))} differ`, detail: driftText(check) }
  if (closedAt && !settledAt)
    return { tone: 'warn', text: 'closing', detail: `${count(ranking.pending)} not in the ledger yet` }
  if (!check) return { tone: 'neutral', text: 'not compared yet', detail: null }
  return { tone: 'ok', text: 'agrees', detail: null }
}

/** What is wrong comes first; what agrees is one line. */
export function verdictsOf(boards: ListedBoard[], redis: boolean): (VerdictItem & { board?: ListedBoard })[] {
  if (!redis)
    return [
      {
        key: 'redis',
        severity: 'warn',
        text: 'Redis does not answer: rankings are read from their ledgers, and no board is compared.',
      },
    ]
  const wrong = boards.flatMap((board): (VerdictItem & { board: ListedBoard })[] => {
    const { check, ranking } = board
    if (ranking && !ranking.built)
      return [
        {
          key: board.name,
          severity: 'warn',
          board,
          text: `Redis lost ${boardTitle(board)}; it is being rebuilt from its ledger.`,
        },
      ]
    if (!check || differs(check) === 0) return []
    return [
      {
        key: `${board.tenant} ${board.name}`,
        severity: 'bad',
        board,
        text: `${boardTitle(board)} disagrees with its ledger: ${driftText(check)}.`,
      },
    ]
  })
  const agreeing = boards.filter(({ check }) => check && differs(check) === 0).length
  if (agreeing === 0) return wrong
  const text = agreeing === 1 ? '1 board agrees with its ledger.' : `${agreeing} boards agree with their ledgers.`
  return [...wrong, { key: 'agree', severity: 'ok', text }]
}
