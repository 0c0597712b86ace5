import { useQueryStates } from 'nuqs'
import { createSerializer, parseAsBoolean, parseAsInteger, parseAsString } from 'nuqs/server'

/** Which sorted sets of other software the list shows. */
const listParams = { family: parseAsString, connection: parseAsString.withDefault('own') }

export function useForeignBoards() {
  const [params, setParams] = useQueryStates(listParams, { history: 'push', shallow: true })
  return { params, setParams }
}

/** In which Redis one of them is, which places are shown, and who is looked at: `member` is base64url. */
const boardParams = {
  connection: parseAsString.withDefault('own'),
  page: parseAsInteger.withDefault(0),
  lowest: parseAsBoolean.withDefault(false),
  member: parseAsString,
}
const serialize = createSerializer(boardParams)
/** Longer names are not kept in an address: some proxies refuse those. */
const LONGEST_IN_ADDRESS = 1_500

export const foreignBoardHref = (key: string, connection: string): string | undefined =>
  key.length > LONGEST_IN_ADDRESS ? undefined : serialize(`/leaderboards/foreign/${key}`, { connection })

export function useForeignBoard() {
  const [{ page, ...params }, setParams] = useQueryStates(boardParams, { history: 'replace', shallow: true })
  return { ...params, page: Math.min(100_000_000, Math.max(0, page)), setParams }
}
