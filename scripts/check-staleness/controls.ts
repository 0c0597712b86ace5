import { randomUUID } from 'node:crypto'
import { keys } from '@/db/redis/keys'
import type { Stores } from '@/server/services/context'
import { CHANNEL } from './prompts'

/** The rules known to serve stale prompts (DESIGN R4). The checker must catch each, or it proves nothing. */
export const controlNames = ['delete-after-commit', 'epoch-read-again-at-fill', 'set-only-if-newer'] as const
export type Control = (typeof controlNames)[number]

type Commands = Stores['redis']['commands']
type Cached = { revision: number; json: string }

export type Rule = {
  lookUp(commands: Commands, prompt: string): Promise<string | null>
  /** After a miss and a read of Postgres. */
  fill(commands: Commands, prompt: string, cached: Cached): Promise<unknown>
  /** After the commit, before the activation is acknowledged. */
  apply(commands: Commands, prompt: string, cached: Cached): Promise<unknown>
  evict(commands: Commands, prompt: string): Promise<unknown>
}

/** How late a reader may be with its fill, in milliseconds. */
export const LATEST_FILL_MS = 300
const TTL_SECONDS = 3_600
/** Entries of their own: Engram's must not repair them. */
const entryOf = (prompt: string) => `${keys.prompt(prompt, CHANNEL)}:control`
const epochOf = (prompt: string) => `${entryOf(prompt)}:epoch`
const underEpoch = (prompt: string, epoch: string | null) => `${entryOf(prompt)}:${epoch ?? 'none'}`

const dropEntry = (commands: Commands, prompt: string) => commands.del(entryOf(prompt))

const SET_IF_NEWER = `
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).revision >= tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return 1`
const setIfNewer = (commands: Commands, prompt: string, { revision, json }: Cached) =>
  commands.eval(SET_IF_NEWER, 1, entryOf(prompt), json, revision, TTL_SECONDS)

export const rules: Record<Control, Rule> = {
  'delete-after-commit': {
    lookUp: (commands, prompt) => commands.get(entryOf(prompt)),
    fill: (commands, prompt, { json }) => commands.set(entryOf(prompt), json, 'EX', TTL_SECONDS),
    apply: (commands, prompt) => commands.del(entryOf(prompt)),
    evict: dropEntry,
  },
  'epoch-read-again-at-fill': {
    lookUp: async (commands, prompt) => commands.get(underEpoch(prompt, await commands.get(epochOf(prompt)))),
    fill: async (commands, prompt, { json }) =>
      commands.set(underEpoch(prompt, await commands.get(epochOf(prompt))), json, 'EX', TTL_SECONDS),
    apply: (commands, prompt) => commands.set(epochOf(prompt), randomUUID()),
    evict: async (commands, prompt) => commands.del(underEpoch(prompt, await commands.get(epochOf(prompt)))),
  },
  'set-only-if-newer': {
    lookUp: (commands, prompt) => commands.get(entryOf(prompt)),
    fill: setIfNewer,
    apply: setIfNewer,
    evict: dropEntry,
  },
}
