import { useQueryStates } from 'nuqs'
import { createLoader, parseAsInteger, parseAsString } from 'nuqs/server'

/** `of` is the tenant of the board in the address; `member` who is looked at. */
export const boardParams = {
  of: parseAsString,
  top: parseAsInteger.withDefault(25),
  member: parseAsString,
}
export const loadBoardParams = createLoader(boardParams)
export const tops = [10, 25, 100, 200]

const topOf = (top: number) => Math.min(200, Math.max(1, top))

/** What an address asks for, within what may be asked. */
export const askedOf = ({ top, member }: { top: number; member: string | null }) => ({
  top: topOf(top),
  member: member || null,
})

export function useBoardParams() {
  const [{ top, member }, setParams] = useQueryStates(boardParams, { history: 'replace', shallow: true })
  return { ...askedOf({ top, member }), setParams }
}
