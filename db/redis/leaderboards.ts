import type { RedisStore } from './client'
import { keys } from './keys'
import { scanKeys } from './scan'

/** `id` is the board's row in Postgres: a board of the same name that was erased is another one. */
export type BoardRef = { id: string; tenant: string | null; name: string }
export type Entry = { ms: number; n: number }
/** A score that Redis accepted and the ledger may not hold yet; `delta` as decimal text. */
export type Pending = { entry: Entry; id: string; member: string; delta: string; at: Date }
export type Ranked = { member: string; score: number }

/** R8: what one command touches at most. */
export const STEP = 500
/** How long the id of a live score is known at once; later repeats are found by the ledger and taken back. */
const SEEN_SECONDS = 3_600
const BUILD_SECONDS = 3_600

/**
 * The keys of a board, in one slot: its ranking; its state (`board` id, `applied`: up to which event the ledger's own are
 * in the ranking, `last` entry, `build` under way, `closed`); the stream of what its ledger must still be told; a
 * ranking that is being built.
 */
function namesOf(board: BoardRef) {
  const ranking = keys.leaderboard(board)
  return [ranking, `${ranking}:state`, `${ranking}:pending`, `${ranking}:build`] as const
}
const seenKey = (board: BoardRef, id: string) => `${keys.leaderboard(board)}:seen:${encodeURIComponent(id)}`

/**
 * What every script begins with. A ranking counts as built while its state names the board; a state whose ranking is gone
 * (evicted, or never restored) does not count. Scores below 10^12 are kept to three decimals, each the double nearest
 * to the exact sum, so that they equal the ledger's.
 */
const HEAD = `
local state = redis.call('HMGET', KEYS[2], 'board', 'applied', 'last', 'build', 'closed')
local built = state[1] == ARGV[1] and (redis.call('EXISTS', KEYS[1]) == 1 or (state[2] == '0' and not state[3]))
local function sum(key, member, delta)
  local total = (tonumber(redis.call('ZSCORE', key, member)) or 0) + delta
  if total > -1e12 and total < 1e12 then total = math.floor(total * 1000 + 0.5) / 1000 end
  return total
end
local function add(key, member, delta)
  redis.call('ZADD', key, string.format('%.17g', sum(key, member, delta)), member)
end`

/** Into the ranking, and into the one that is being built to replace it. */
const EVERYWHERE = `
local function score(member, delta)
  if built then add(KEYS[1], member, delta) end
  if state[4] then add(KEYS[4], member, delta) end
end`

const SCORE = `${HEAD}${EVERYWHERE}
if not built then return { 'unbuilt' } end
if state[5] then return { 'closed' } end
local id, member, delta = ARGV[2], ARGV[3], ARGV[4]
local seen = redis.call('GET', KEYS[5])
if seen then return { seen == delta .. '\\n' .. member and 'repeat' or 'conflict', redis.call('ZSCORE', KEYS[1], member) or '0' } end
local total = sum(KEYS[1], member, tonumber(delta))
if math.abs(total) > 9007199254740991 or (math.abs(total) >= 1e12 and total % 1 ~= 0) then return { 'range' } end
score(member, tonumber(delta))
local entry = redis.call('XADD', KEYS[3], '*', 'id', id, 'member', member, 'delta', delta)
redis.call('HSET', KEYS[2], 'last', entry)
redis.call('SET', KEYS[5], delta .. '\\n' .. member, 'EX', ${SEEN_SECONDS})
return { 'scored', redis.call('ZSCORE', KEYS[1], member) }`

export type Scored =
  | { outcome: 'scored'; score: number }
  | { outcome: 'repeat'; score: number }
  | { outcome: 'conflict' }
  | { outcome: 'unbuilt' }
  | { outcome: 'closed' }
  | { outcome: 'range' }

/** A score of a live board: ranking, stream and id in one step, or none of them. */
export async function scoreLive(
  { commands }: RedisStore,
  board: BoardRef,
  event: { id: string; member: string; delta: string },
): Promise<Scored> {
  const { id, member, delta } = event
  const names = [...namesOf(board), seenKey(board, id)]
  const [outcome, score] = (await commands.eval(SCORE, 5, ...names, board.id, id, member, delta)) as [string, string?]
  return { outcome, ...(score !== undefined && { score: Number(score) }) } as Scored
}

const START = `
if redis.call('HGET', KEYS[2], 'board') == ARGV[1] then return 0 end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
redis.call('HSET', KEYS[2], 'board', ARGV[1], 'applied', 0)
return 1`

/** Begins the ranking of a board that has no score yet. */
export async function startRanking({ commands }: RedisStore, board: BoardRef): Promise<void> {
  await commands.eval(START, 4, ...namesOf(board), board.id)
}

const APPLY = `${HEAD}${EVERYWHERE}
if not built then return { 'unbuilt' } end
local applied, from, to = tonumber(state[2]), tonumber(ARGV[2]), tonumber(ARGV[3])
if applied ~= from then return { 'elsewhere', state[2] } end
for i = 4, #ARGV, 2 do score(ARGV[i], tonumber(ARGV[i + 1])) end
redis.call('HSET', KEYS[2], 'applied', ARGV[3])
return { 'applied', ARGV[3] }`

/**
 * Adds what the ledger took itself in (`from`, `to`], if the ranking stands exactly at `from`: whoever repeats it adds
 * nothing twice. Answers where the ranking stands then; null when it is not built.
 */
export async function applyEvents(
  { commands }: RedisStore,
  board: BoardRef,
  { from, to, events }: { from: number; to: number; events: { member: string; delta: string }[] },
): Promise<number | null> {
  const args = events.flatMap(({ member, delta }) => [member, delta])
  const reply = (await commands.eval(APPLY, 4, ...namesOf(board), board.id, from, to, ...args)) as [string, string?]
  return reply[1] === undefined ? null : Number(reply[1])
}

const STATUS = `${HEAD}
local function short(number) return number or '' end
return { built and 1 or 0, short(state[2]), short(state[3]), redis.call('XLEN', KEYS[3]), redis.call('ZCARD', KEYS[1]),
  state[4] and 1 or 0, state[5] and 1 or 0 }`

export type RankingStatus = {
  built: boolean
  applied: number
  pending: number
  members: number
  building: boolean
  closed: boolean
}

export async function rankingStatus({ commands }: RedisStore, board: BoardRef): Promise<RankingStatus> {
  const reply = (await commands.eval(STATUS, 4, ...namesOf(board), board.id)) as [
    number,
    string,
    string,
    number,
    number,
    number,
    number,
  ]
  const [built, applied, , pending, members, building, closed] = reply
  return {
    built: built === 1,
    applied: Number(applied || 0),
    pending,
    members,
    building: building === 1,
    closed: closed === 1,
  }
}

const TOP = `${HEAD}
if not built then return nil end
return { redis.call('ZCARD', KEYS[1]), redis.call('ZREVRANGE', KEYS[1], 0, ARGV[2] - 1, 'WITHSCORES') }`

/** The first of the ranking as Redis orders them: ties by member, last byte value first. Null when it is not built. */
export async function readTop({ commands }: RedisStore, board: BoardRef, top: number) {
  const reply = (await commands.eval(TOP, 4, ...namesOf(board), board.id, top)) as [number, string[]] | null
  return reply && { members: reply[0], ranking: pairs(reply[1]) }
}

const AROUND = `${HEAD}
if not built then return nil end
local rank = redis.call('ZREVRANK', KEYS[1], ARGV[2])
if not rank then return { redis.call('ZCARD', KEYS[1]), -1, 0, {} } end
local first = math.max(0, rank - ARGV[3])
return { redis.call('ZCARD', KEYS[1]), rank, first, redis.call('ZREVRANGE', KEYS[1], first, rank + ARGV[3], 'WITHSCORES') }`

/** Ranks count from 0 here. Null when the ranking is not built; rank -1 for who is not in it. */
export async function readAround(
  { commands }: RedisStore,
  board: BoardRef,
  { member, around }: { member: string; around: number },
) {
  const reply = (await commands.eval(AROUND, 4, ...namesOf(board), board.id, member, around)) as
    [number, number, number, string[]] | null
  return reply && { members: reply[0], rank: reply[1], first: reply[2], ranking: pairs(reply[3]) }
}

const CAPTURE = `${HEAD}
if not built then return nil end
local members = {}
for i = 2, #ARGV do members[i - 1] = redis.call('ZSCORE', KEYS[1], ARGV[i]) or '' end
return { state[2], state[3] or '', members, redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', ${STEP + 1}) }`

/** What a ranking held at one moment: up to where of the ledger, and what the ledger might not hold yet. */
export type Capture = { applied: number; last: Entry | null; pending: Pending[] }
/** More than `STEP` pending scores: the ledger must catch up first. */
export class FarBehind extends Error {}

/** The scores of at most STEP members with what they stand for; null when the ranking is not built. */
export async function captureScores({ commands }: RedisStore, board: BoardRef, members: readonly string[]) {
  const reply = (await commands.eval(CAPTURE, 4, ...namesOf(board), board.id, ...members)) as
    [string, string, string[], Raw[]] | null
  if (!reply) return null
  const [applied, last, scores, pending] = reply
  const found = new Map<string, string>()
  scores.forEach((score, index) => {
    const member = members[index]
    if (member !== undefined && score !== '') found.set(member, score)
  })
  return { ...captureOf(applied, last, pending), scores: found }
}

/** A step of a walk over all members; a member may come twice, as ZSCAN says. */
export async function scanMembers({ commands }: RedisStore, board: BoardRef, cursor: string) {
  const [next, found] = await commands.zscan(keys.leaderboard(board), cursor, 'COUNT', STEP)
  return { cursor: next, members: found.filter((_, index) => index % 2 === 0) }
}

const BEGIN = `${HEAD}
redis.call('UNLINK', KEYS[4])
redis.call('HSET', KEYS[2], 'build', ARGV[2])
return { built and state[2] or '', state[3] or '', redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', ${STEP + 1}) }`

/**
 * Begins a build: from here on every score goes into the new ranking too. `applied` is null where no ranking is in use,
 * and nothing is scored in Redis until the new one is. Takes over from a builder that died.
 */
export async function beginBuild({ commands }: RedisStore, board: BoardRef, token: string) {
  const reply = (await commands.eval(BEGIN, 4, ...namesOf(board), board.id, token)) as [string, string, Raw[]]
  const [applied, last, pending] = reply
  return { ...captureOf(applied, last, pending), applied: applied === '' ? null : Number(applied) }
}

const FILL = `${HEAD}
if state[4] ~= ARGV[2] then return 0 end
for i = 3, #ARGV, 2 do
  if redis.call('ZADD', KEYS[4], 'NX', ARGV[i + 1], ARGV[i]) == 0 then add(KEYS[4], ARGV[i], tonumber(ARGV[i + 1])) end
end
redis.call('EXPIRE', KEYS[4], ${BUILD_SECONDS})
return 1`

/** False when another builder took over. Never to be repeated: what was added already would be added twice. */
export async function fillBuild(
  { commands }: RedisStore,
  board: BoardRef,
  token: string,
  scores: { member: string; score: string }[],
): Promise<boolean> {
  const args = scores.flatMap(({ member, score }) => [member, score])
  return (await commands.eval(FILL, 4, ...namesOf(board), board.id, token, ...args)) === 1
}

const SWITCH = `${HEAD}
if state[4] ~= ARGV[2] or redis.call('ZCARD', KEYS[4]) < tonumber(ARGV[3]) then return 0 end
if not built then redis.call('HSET', KEYS[2], 'board', ARGV[1], 'applied', ARGV[4]) end
redis.call('UNLINK', KEYS[1])
if redis.call('EXISTS', KEYS[4]) == 1 then
  redis.call('RENAME', KEYS[4], KEYS[1])
  redis.call('PERSIST', KEYS[1])
end
redis.call('HDEL', KEYS[2], 'build')
return 1`

/** Puts the new ranking in the place of the old one, of which UNLINK lets go in the background (R8). */
export async function switchBuild(
  { commands }: RedisStore,
  board: BoardRef,
  { token, filled, applied }: { token: string; filled: number; applied: number },
): Promise<boolean> {
  return (await commands.eval(SWITCH, 4, ...namesOf(board), board.id, token, filled, applied)) === 1
}

const DROP = `
if redis.call('HGET', KEYS[2], 'build') ~= ARGV[2] then return 0 end
redis.call('UNLINK', KEYS[4])
return redis.call('HDEL', KEYS[2], 'build')`

export async function dropBuild({ commands }: RedisStore, board: BoardRef, token: string): Promise<void> {
  await commands.eval(DROP, 4, ...namesOf(board), board.id, token)
}

/** What the ledger must be told next, oldest first. */
export async function readPending({ commands }: RedisStore, board: BoardRef): Promise<Pending[]> {
  const raw = (await commands.xrange(namesOf(board)[2], '-', '+', 'COUNT', STEP)) as Raw[]
  return raw.map(pendingOf)
}

const CONFIRM = `${HEAD}${EVERYWHERE}
for i = 2, #ARGV, 4 do
  local entry, member, delta, gone = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if redis.call('XDEL', KEYS[3], entry) == 1 and delta ~= '' then
    score(member, -tonumber(delta))
    if gone == '1' then
      for _, key in ipairs({ KEYS[1], KEYS[4] }) do
        if tonumber(redis.call('ZSCORE', key, member)) == 0 then redis.call('ZREM', key, member) end
      end
    end
  end
end
return #ARGV`

/** `takeBack`: the ledger knew the id, so that the score must not count; `gone` where it knows no score of the member. */
export type Confirmed = { pending: Pending; takeBack: boolean; gone: boolean }

/** Lets go of what the ledger holds, once, however often it is said. */
export async function confirmPending({ commands }: RedisStore, board: BoardRef, confirmed: Confirmed[]): Promise<void> {
  const args = confirmed.flatMap(({ pending: { entry, member, delta }, takeBack, gone }) => [
    `${entry.ms}-${entry.n}`,
    member,
    takeBack ? delta : '',
    gone ? '1' : '',
  ])
  await commands.eval(CONFIRM, 4, ...namesOf(board), board.id, ...args)
}

/** From here on Redis accepts no score of the board. */
export async function closeRanking({ commands }: RedisStore, board: BoardRef): Promise<void> {
  await commands.hset(namesOf(board)[1], 'closed', '1')
}

export async function reopenRanking({ commands }: RedisStore, board: BoardRef): Promise<void> {
  await commands.hdel(namesOf(board)[1], 'closed')
}

/** How many members score in each of `edges.length - 1` stretches; the last one includes its end. */
export async function countByScore({ commands }: RedisStore, board: BoardRef, edges: number[]): Promise<number[]> {
  const key = keys.leaderboard(board)
  return Promise.all(
    edges.slice(0, -1).map((from, index) => {
      const to = edges[index + 1] ?? from
      return commands.zcount(key, String(from), index === edges.length - 2 ? String(to) : `(${to}`)
    }),
  )
}

/** Where each of these members stands, from 0; undefined for who is not in the ranking. */
export async function ranksOf({ commands }: RedisStore, board: BoardRef, members: readonly string[]) {
  const ranks = await Promise.all(members.map((member) => commands.zrevrank(keys.leaderboard(board), member)))
  return ranks.map((rank) => rank ?? undefined)
}

/** The lowest and the highest score; null for an empty ranking. */
export async function scoreRange({ commands }: RedisStore, board: BoardRef) {
  const key = keys.leaderboard(board)
  const [low, high] = await Promise.all([
    commands.zrange(key, '0', '0', 'WITHSCORES'),
    commands.zrevrange(key, '0', '0', 'WITHSCORES'),
  ])
  return low[1] === undefined || high[1] === undefined ? null : { low: Number(low[1]), high: Number(high[1]) }
}

export async function unlinkRanking({ commands }: RedisStore, board: BoardRef): Promise<void> {
  await Promise.all(namesOf(board).map((key) => commands.unlink(key)))
}

/** How many keys of a tenant's boards went. */
export async function eraseLeaderboardsOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const batch of scanKeys(redis, keys.leaderboardsOfTenant(tenant))) {
    const gone = await Promise.all(batch.map((key) => redis.commands.unlink(key)))
    erased += gone.reduce((sum, count) => sum + count, 0)
  }
  return erased
}

type Raw = [id: string, fields: string[]]

function pendingOf([entry, fields]: Raw): Pending {
  const { ms, n } = entryOf(entry)
  // Fields stand in the order in which they were added: id, member, delta.
  const [, id = '', , member = '', , delta = '0'] = fields
  return { entry: { ms, n }, id, member, delta, at: new Date(ms) }
}

function entryOf(text: string): Entry {
  const [ms = '0', n = '0'] = text.split('-')
  return { ms: Number(ms), n: Number(n) }
}

function captureOf(applied: string, last: string, raw: Raw[]): Capture {
  if (raw.length > STEP) throw new FarBehind('The ledger is more than 500 scores behind Redis.')
  return { applied: Number(applied || 0), last: last === '' ? null : entryOf(last), pending: raw.map(pendingOf) }
}

function pairs(flat: string[]): Ranked[] {
  const ranking: Ranked[] = []
  for (let at = 0; at < flat.length; at += 2) ranking.push({ member: flat[at] ?? '', score: Number(flat[at + 1]) })
  return ranking
}
